/**
 * Pipedrive: people, companies, deals with the history of their stages, and who is on them.
 */
import { defineConnector } from 'revops/connector';

import { check } from './check.ts';
import { connect } from './client.ts';
import { deals } from './deals.ts';
import { classify } from './faults.ts';
import { dealHistory } from './history.ts';
import { options } from './options.ts';
import { organizations } from './organizations.ts';
import { dealPersons } from './participants.ts';
import { persons } from './persons.ts';
import { pipelineStages } from './pipelines.ts';
import { users } from './users.ts';

export { pipedriveWebhook } from './webhook.ts';

export const pipedrive = defineConnector({
  name: 'pipedrive',
  title: 'Pipedrive',
  options,
  limits: ({ requestsPerTwoSeconds }) => ({ requests: requestsPerTwoSeconds, perMilliseconds: 2_000, concurrency: 4 }),
  connect,
  classify,
  streams: [persons, organizations, deals, dealHistory, dealPersons, pipelineStages, users],
  check,
});
