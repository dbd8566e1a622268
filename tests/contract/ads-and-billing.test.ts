import { describe, expect, it } from 'vitest';

import { connectorSuite } from '../../src/testing/index.ts';
import { enginesOrOne, isWhole, openTestWarehouse } from '../support/warehouses.ts';
import { collectorUnderTest } from './platforms/collector.ts';
import { ga4UnderTest, rudderstackUnderTest, segmentUnderTest, snowplowUnderTest } from './platforms/event-tables.ts';
import { filesUnderTest } from './platforms/files.ts';
import { googleAdsUnderTest } from './platforms/google-ads.ts';
import { linkedinAdsUnderTest } from './platforms/linkedin-ads.ts';
import { metaAdsUnderTest } from './platforms/meta-ads.ts';
import { stripeUnderTest } from './platforms/stripe.ts';

/** `npm run test:contract` runs all of them on both engines. */
for (const connector of isWhole
  ? [
      collectorUnderTest,
      filesUnderTest,
      ga4UnderTest,
      googleAdsUnderTest,
      linkedinAdsUnderTest,
      metaAdsUnderTest,
      rudderstackUnderTest,
      segmentUnderTest,
      snowplowUnderTest,
      stripeUnderTest,
    ]
  : [linkedinAdsUnderTest])
  for (const engine of enginesOrOne('postgres'))
    connectorSuite({ describe, it, expect }, connector, engine, () => openTestWarehouse(engine));
