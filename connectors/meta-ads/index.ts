/**
 * Meta Ads (Facebook, Instagram): spend and claimed conversions of every ad account a token reaches.
 */
import { defineConnector } from 'revops/connector';

import { activate } from './activate.ts';
import { check } from './check.ts';
import { classify } from './classify.ts';
import { connect } from './client.ts';
import { options } from './options.ts';
import { accounts } from './streams/accounts.ts';
import { actionDays } from './streams/action-days.ts';
import { adCreatives } from './streams/ad-creatives.ts';
import { adDays } from './streams/ad-days.ts';
import { adSetDays } from './streams/ad-set-days.ts';
import { adSets } from './streams/ad-sets.ts';
import { ads } from './streams/ads.ts';
import { campaignDays } from './streams/campaign-days.ts';
import { campaigns } from './streams/campaigns.ts';

export const metaAds = defineConnector({
  name: 'meta-ads',
  title: 'Meta Ads',
  options,
  // No rate is published: what is used is told in every answer and kept to, see usage.ts.
  limits: () => ({ requests: 10, perMilliseconds: 1000, concurrency: 4 }),
  connect,
  classify,
  streams: [accounts, campaigns, adSets, ads, adCreatives, campaignDays, adSetDays, adDays, actionDays],
  check,
  activate,
});
