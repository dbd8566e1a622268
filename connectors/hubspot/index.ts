/**
 * HubSpot CRM: contacts, companies, deals, their links, and the history of their stages.
 */
import { defineConnector } from 'revops/connector';

import { contactCompanies, dealCompanies, dealContacts } from './associations.ts';
import { check } from './check.ts';
import { connect } from './client.ts';
import { companies } from './companies.ts';
import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import { classify } from './faults.ts';
import { contactLifecycleHistory, dealStageHistory } from './history.ts';
import { options } from './options.ts';
import { dealPipelineStages } from './pipelines.ts';

export const hubspot = defineConnector({
  name: 'hubspot',
  title: 'HubSpot',
  options,
  /** Spread over seconds, so that no rolling ten seconds hold more than the account allows. */
  limits: ({ requestsPerTenSeconds }) => ({
    requests: Math.floor(requestsPerTenSeconds / 11),
    perMilliseconds: 1_000,
    concurrency: 4,
  }),
  connect,
  classify,
  streams: [
    contacts,
    companies,
    deals,
    dealStageHistory,
    contactLifecycleHistory,
    dealContacts,
    dealCompanies,
    contactCompanies,
    dealPipelineStages,
  ],
  check,
});
