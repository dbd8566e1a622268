import { describe, expect, it } from 'vitest';

import { connectorSuite } from '../../src/testing/index.ts';
import { enginesOrOne, isWhole, openTestWarehouse } from '../support/warehouses.ts';
import { hubspotUnderTest } from './platforms/hubspot.ts';
import { pipedriveUnderTest } from './platforms/pipedrive.ts';
import { salesforceUnderTest } from './platforms/salesforce.ts';

/** `npm run test:contract` runs all of them on both engines. */
for (const connector of isWhole ? [hubspotUnderTest, pipedriveUnderTest, salesforceUnderTest] : [pipedriveUnderTest])
  for (const engine of enginesOrOne('duckdb'))
    connectorSuite({ describe, it, expect }, connector, engine, () => openTestWarehouse(engine));
