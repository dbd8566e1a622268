import { describe, expect, test } from 'vitest';

import { createWorld, eventRow, worldEnd } from '../../fixtures/world/index.ts';
import type { Row } from '../../src/warehouse/types.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import { neededFor } from './needed-models.ts';
import { worldFeeds } from './world-feeds.ts';
const world = createWorld({ scale: 0.2, months: 6 });
const now = worldEnd(world);
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: world.options.timeZone }).format(new Date(now));
const given = { ...worldFeeds(world, now, today), events_feed: [...world.at(now).webEvents()].map(eventRow) };

for (const engine of engines) {
  describe(engine, () => {
    test('Every session of somebody known is a touchpoint of the true time, channel and campaign, and the CRM adds what no session knows.', async () => {
      const compiled = neededFor(await shippedLibrary(engine), 'conversion_touchpoints');
      const { warehouse, dispose } = await openTestWarehouse(engine);
      try {
        await installFunctions(warehouse, compiled);
        const library = await buildLibrary(warehouse, compiled, 'touchpoints_test', given);
        expect(await library.failures()).toEqual([]);

        const known = new Set(
          (await library.query('select event_id from event_people where person_id is not null')).map(
            (row) => row['event_id'],
          ),
        );
        const truth = world.truth
          .webSessions(now)
          .filter(({ eventId }) => known.has(eventId))
          .map(({ eventId, startedAt, channel, campaignId }) => ({
            touchpoint_id: `web:${eventId}`,
            occurred_at: startedAt.replace('Z', '000Z'),
            channel,
            campaign_id: campaignId,
          }));
        const web = await library.query(WEB_TOUCHES);
        expect(byId(web)).toEqual(byId(truth));
        expect(truth.length).toBeGreaterThan(300);

        const firsts = new Map((await library.query(FIRST_CHANNELS)).map((row) => [row['deal_id'], row['channel']]));
        const customers = world.truth.customers(now).filter(({ isNewCustomer }) => isNewCustomer);
        const right = customers.filter(
          ({ dealId, firstTouchChannel }) => (firsts.get(dealId) ?? null) === firstTouchChannel,
        );
        expect(right.length / customers.length).toBeGreaterThan(0.95);
      } finally {
        await dispose();
      }
    }, 120_000);
  });
}

// --- internal ---

const WEB_TOUCHES = `select touchpoint_id, occurred_at, channel, campaign_id from touchpoints where origin = 'web'`;

const FIRST_CHANNELS = `
select conversions.deal_id, conversion_touchpoints.channel
from conversions
inner join conversion_touchpoints
  on conversion_touchpoints.conversion_id = conversions.conversion_id and conversion_touchpoints.position = 1
where conversions.conversion_type = 'customer'`;

function byId(rows: readonly Row[]): Row[] {
  return rows.toSorted((left, right) => (String(left['touchpoint_id']) < String(right['touchpoint_id']) ? -1 : 1));
}
