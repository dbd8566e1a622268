import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { createWorld, eventRow, worldEnd } from '../../fixtures/world/index.ts';
import type { InputRow } from '../../src/model/contract.ts';
import type { CompiledProject } from '../../src/model/index.ts';
import type { Row } from '../../src/warehouse/types.ts';
import { buildLibrary, installFunctions, type BuiltLibrary } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import { neededFor } from './needed-models.ts';
import { sessionsOf, type SmallEvent } from './sessions-by-hand.ts';

const root = join(import.meta.dirname, '../..');
const SETTINGS = { time_zone: 'UTC', session_timeout_minutes: 30, session_splits_on_source: true };
const IDENTITY = {
  key_id: 'test',
  default_country: 'DE',
  most_identities: 10,
  most_devices: 100,
  joins_mailbox_aliases: false,
};

for (const engine of engines) {
  describe(engine, () => {
    let whole: CompiledProject;

    beforeAll(async () => {
      whole = await shippedLibrary(engine);
    }, 120_000);

    async function built<T>(
      model: string,
      events_feed: InputRow[],
      read: (library: BuiltLibrary) => Promise<T>,
    ): Promise<T> {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      try {
        await installFunctions(warehouse, whole);
        const given = { settings: [SETTINGS], identity_settings: [IDENTITY], events_feed };
        return await read(await buildLibrary(warehouse, neededFor(whole, model), 'sessions_test', given));
      } finally {
        await dispose();
      }
    }

    test('Sessions, their devices, times and channels are those of the simulated company, and nothing is lost.', async () => {
      const world = createWorld({ scale: 0.3, months: 8 });
      const now = worldEnd(world);
      const events_feed = [...world.at(now).webEvents()].map(eventRow);
      const rejects = world.truth.webRejects(now);
      const truth = world.truth.webSessions(now).map((session) => ({
        session_id: session.eventId,
        anonymous_id: session.anonymousId,
        started_at: session.startedAt.replace('Z', '000Z'),
        ended_at: session.endedAt.replace('Z', '000Z'),
        events: session.events,
        click_id: session.gclid,
        // by the rules alone; which campaign a click is of, and so its channel, is the touchpoint's matter
        channel: session.gclid === null ? session.channel : 'Paid Search',
      }));
      await built('traffic_channels', events_feed, async (library) => {
        expect(await library.failures()).toEqual([]);
        const found = await library.query(FOUND);
        expect(byId(found)).toEqual(byId(truth));
        expect(await library.query(FATES)).toEqual([{ copies: events_feed.length, ...rejects }]);
      });
    }, 120_000);

    test('Sessions of random events are those of the definition, worked out one event after the other.', async () => {
      const [events] = fc.sample(manyEvents, { numRuns: 1, seed: 20_260_101 });
      const expected = sessionsOf(events ?? [], 30);
      expect(expected.length).toBeGreaterThan(1000);
      await built('sessions', (events ?? []).map(feedRow), async (library) => {
        const found = await library.query(`select session_id, anonymous_id, events, click_id from sessions`);
        expect(byId(found)).toEqual(byId(expected));
      });
    }, 60_000);

    test('Patterns of the portable kind match alike everywhere, and others are told before they are published.', async () => {
      const cases = fc.sample(
        fc.tuple(
          pattern,
          fc
            .array(fc.constantFrom('a', 'b', 'c', 'p', 's', '-', '.', ' ', '1'), { maxLength: 8 })
            .map((letters) => letters.join('')),
        ),
        { numRuns: 500, seed: 11 },
      );
      const good = cases.map(([written]) => written);
      const bad = ['\\d+', 'a{2}', '(?:a)', '[[:alpha:]]', 'A', 'a**', '\\yx'];
      const { warehouse, dispose } = await openTestWarehouse(engine);
      try {
        await installFunctions(warehouse, whole);
        const list = cases.map(([written, value], index) => `(${index}, '${written}', '${value}')`).join(', ');
        const found = await warehouse.query<{ matches: boolean }>(
          `select matches_pattern(value, pattern) as matches from (values ${list}) as listed(place, pattern, value) order by place`,
        );
        expect(found.map(({ matches }) => matches)).toEqual(
          cases.map(([written, value]) => new RegExp(written).test(value)),
        );
        const rules = [...good.slice(0, 40), ...bad].map(
          (source, index) => `(${index}, 1, '${source}', null, null, null)`,
        );
        const told = await warehouse.query<{ pattern: string }>(
          `with own_channel_rules(rule, alternative, source, medium, campaign, referrer) as (values ${rules.join(', ')})
          select pattern from (${UNPORTABLE}) as told`,
        );
        expect(told.map(({ pattern: written }) => written).toSorted()).toEqual(bad.toSorted());
      } finally {
        await dispose();
      }
    }, 60_000);
  });
}

// --- internal ---

const FOUND = `
select
  sessions.session_id, sessions.anonymous_id, sessions.started_at, sessions.ended_at, sessions.events,
  case when sessions.click_id_type = 'gclid' then sessions.click_id end as click_id, traffic_channels.channel
from sessions
inner join traffic_channels on traffic_channels.traffic_key = sessions.traffic_key`;

const UNPORTABLE = readFileSync(join(root, 'sql/checks/portable_patterns.sql'), 'utf8');

const FATES = `
select
  count(*) as copies,
  count(*) filter (where rejected_because = 'no_name') as no_name,
  count(*) filter (where rejected_because = 'no_time') as no_time,
  count(*) filter (where rejected_because = 'no_identifier') as no_identifier
from event_copies`;

const manyEvents: fc.Arbitrary<SmallEvent[]> = fc
  .array(
    fc.record({
      device: fc.integer({ min: 1, max: 150 }).map((number) => `d${number}`),
      minute: fc.integer({ min: 0, max: 240 }),
      second: fc.constantFrom(0, 0, 1),
      source: fc.constantFrom(null, null, 'a', 'b'),
      campaign: fc.constantFrom(null, 'x', 'X', 'y'),
      gclid: fc.constantFrom(null, null, null, 'g', 'G'),
    }),
    { minLength: 3000, maxLength: 3000 },
  )
  .map((events) => events.map((event, index) => ({ ...event, id: `e${index}` })));

/** Letters, marks and what the portable kind of patterns is built of. */
const pattern: fc.Arbitrary<string> = fc.letrec<{ part: string; choice: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c', 'p', 's', '.', '-', ' ', '\\.', '[ab]', '[^a-df-z]', '[a-c1]', '^', '$'),
    fc.tuple(fc.constantFrom('a', '.', '[ps]'), fc.constantFrom('*', '+', '?')).map((parts) => parts.join('')),
    tie('choice').map((inner) => `(${inner})`),
  ),
  choice: fc
    .array(
      fc.array(tie('part'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((choices) => choices.join('|')),
})).choice;

function feedRow({ id, device, minute, second, source, campaign, gclid }: SmallEvent): InputRow {
  return {
    source: 'site',
    event_id: id,
    message_id: id,
    event_name: 'x',
    anonymous_id: device,
    occurred_at: new Date(Date.UTC(2026, 0, 1, 0, minute, second)).toISOString(),
    utm_source: source,
    utm_medium: source === null ? null : 'm',
    utm_campaign: campaign,
    gclid,
  };
}

function byId(rows: readonly Row[]): Row[] {
  return rows.toSorted((left, right) => (String(left['session_id']) < String(right['session_id']) ? -1 : 1));
}
