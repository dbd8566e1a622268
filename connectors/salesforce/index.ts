/**
 * Salesforce: companies, people, deals with the history of their stages, and campaigns.
 */
import { defineConnector } from 'revops/connector';

import { accounts } from './accounts.ts';
import { campaignMembers, campaigns } from './campaigns.ts';
import { checkOf } from './check.ts';
import { connect } from './client.ts';
import { classify } from './faults.ts';
import { opportunities, opportunityContactRoles, opportunityHistory, opportunityStages } from './opportunities.ts';
import { options } from './options.ts';
import { contacts, leads } from './people.ts';
import { users } from './users.ts';

export const salesforce = defineConnector({
  name: 'salesforce',
  title: 'Salesforce',
  options,
  limits: ({ requestsPerSecond }) => ({ requests: requestsPerSecond, perMilliseconds: 1_000, concurrency: 4 }),
  connect,
  classify,
  streams: [
    accounts,
    contacts,
    leads,
    opportunities,
    opportunityHistory,
    opportunityContactRoles,
    opportunityStages,
    campaigns,
    campaignMembers,
    users,
  ],
  check: checkOf({
    accounts: 'Account',
    contacts: 'Contact',
    leads: 'Lead',
    opportunities: 'Opportunity',
    opportunity_history: 'OpportunityHistory',
    opportunity_contact_roles: 'OpportunityContactRole',
    opportunity_stages: 'OpportunityStage',
    campaigns: 'Campaign',
    campaign_members: 'CampaignMember',
    users: 'User',
  }),
});
