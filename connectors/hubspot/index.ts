/**
 * HubSpot CRM: contacts, companies, deals, their links, the history of their stages, owners, forms and what sales did.
 */
import { defineConnector } from 'revops/connector';

import { activities, activityContacts, activityDeals } from './activities.ts';
import { contactCompanies, dealCompanies, dealContacts } from './associations.ts';
import { check } from './check.ts';
import { connect } from './client.ts';
import { companies } from './companies.ts';
import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import { classify } from './faults.ts';
import { formSubmissions } from './form-submissions.ts';
import { forms } from './forms.ts';
import { contactLifecycleHistory, dealStageHistory } from './history.ts';
import { listMemberships } from './list-memberships.ts';
import { lists } from './lists.ts';
import { options } from './options.ts';
import { owners } from './owners.ts';
import { write } from './write.ts';
import { dealPipelineStages } from './pipelines.ts';
import { tickets } from './tickets.ts';

export { hubspotWebhook } from './webhook.ts';

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
    owners,
    forms,
    formSubmissions,
    activities,
    activityContacts,
    activityDeals,
    tickets,
    lists,
    listMemberships,
  ],
  check,
  write,
});
