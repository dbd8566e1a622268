/**
 * Google Ads: spend, claimed conversions and clicks of every account a user reaches.
 */
import { defineConnector } from 'revops/connector';

import { activate } from './activate.ts';
import { check } from './check.ts';
import { classify } from './classify.ts';
import { connect } from './client.ts';
import { options } from './options.ts';
import { accounts } from './streams/accounts.ts';
import { adGroupDays } from './streams/ad-group-days.ts';
import { assetGroupDays } from './streams/asset-group-days.ts';
import { assetGroups } from './streams/asset-groups.ts';
import { campaignDays } from './streams/campaign-days.ts';
import { campaigns } from './streams/campaigns.ts';
import { clicks } from './streams/clicks.ts';
import { conversionActionDays } from './streams/conversion-action-days.ts';
import { conversionActions } from './streams/conversion-actions.ts';

export const googleAds = defineConnector({
  name: 'google-ads',
  title: 'Google Ads',
  options,
  limits: ({ requestsPerSecond }) => ({ requests: requestsPerSecond, perMilliseconds: 1000, concurrency: 4 }),
  connect,
  classify,
  streams: [
    accounts,
    campaigns,
    assetGroups,
    conversionActions,
    campaignDays,
    adGroupDays,
    assetGroupDays,
    conversionActionDays,
    clicks,
  ],
  check,
  activate,
});
