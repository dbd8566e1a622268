/**
 * LinkedIn Ads: spend and claimed conversions of every ad account a member has a role on. Plain REST: the platform's own
 * client is a beta whose licence forbids to pass it on.
 */
import { defineConnector } from 'revops/connector';

import { activate } from './activate.ts';
import { check } from './check.ts';
import { classify } from './classify.ts';
import { connect } from './client.ts';
import { options } from './options.ts';
import { accounts } from './streams/accounts.ts';
import { campaignDays } from './streams/campaign-days.ts';
import { campaignGroupDays } from './streams/campaign-group-days.ts';
import { campaignGroups } from './streams/campaign-groups.ts';
import { campaigns } from './streams/campaigns.ts';
import { conversionDays } from './streams/conversion-days.ts';
import { conversionRules } from './streams/conversion-rules.ts';
import { creativeDays } from './streams/creative-days.ts';
import { creatives } from './streams/creatives.ts';

export const linkedinAds = defineConnector({
  name: 'linkedin-ads',
  title: 'LinkedIn Ads',
  options,
  limits: ({ requestsPerSecond }) => ({ requests: requestsPerSecond, perMilliseconds: 1000, concurrency: 4 }),
  connect,
  classify,
  streams: [
    accounts,
    campaignGroups,
    campaigns,
    creatives,
    conversionRules,
    campaignGroupDays,
    campaignDays,
    creativeDays,
    conversionDays,
  ],
  check,
  activate,
});
