import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { compileProject, readModelProject } from '../../src/model/index.ts';
import { readCsv } from '../../src/model/read/csv.ts';
import { trackingLists } from '../../src/project/tracking-lists.ts';
import { trackingModels } from '../../src/project/tracking-models.ts';
import { parseTrackingPlan } from '../../src/project/tracking-plan.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import { writeFiles } from '../model/project.ts';

const PLAN = `version: 2
sources: { site: client, backend: server }
events:
  Signed Up:
    description: somebody has an account
    purpose: says how many visits become accounts
    capture: server
    priority: critical
    consent: analytics
    identifiers: [user_id, email]
    properties:
      plan: { type: text, values: [free, "pro, it's \\"new\\""] }
      Plan!: number
      seats: { type: number, required: false }
      at: timestamp
      until: { type: date, required: false }
      is_trial: { type: boolean, required: false }
      items: { type: list, required: false }
  it's gone: {}
`;

describe('a tracking plan', () => {
  it('becomes the lists that models read, with its defaults', () => {
    const lists = trackingLists(parseTrackingPlan(PLAN, 'tracking-plan.yml'));
    const rows = lists.map(({ shown, text }) => [shown, ...readCsv(text).rows.map((row) => row.join('|'))]);
    expect(rows).toEqual([
      [
        'config/planned_events.csv',
        'Signed Up|server|critical|says how many visits become accounts|analytics|true|true|false|false',
        "it's gone|any|normal||none|false|false|false|false",
      ],
      [
        'config/planned_properties.csv',
        ...['Signed Up|plan|text|true|true', 'Signed Up|Plan!|number|true|false', 'Signed Up|seats|number|false|false'],
        ...['Signed Up|at|timestamp|true|false', 'Signed Up|until|date|false|false'],
        ...['Signed Up|is_trial|boolean|false|false', 'Signed Up|items|list|false|false'],
      ],
      ['config/planned_values.csv', 'Signed Up|plan|free', `Signed Up|plan|pro, it's "new"`],
      ['config/event_sources.csv', 'site|client', 'backend|server'],
    ]);
  });

  it.each([
    ['events: { a: { priority: high } }', 'plan.yml:1: events.a.priority: expected critical or normal'],
    ['events:\n  a:\n    propertys: {}', 'plan.yml:3: events.a: there is no key propertys'],
    ['events:\n  a: {}\n  a: {}', 'plan.yml:3: Map keys must be unique'],
    [
      'events:\n  a:\n    properties:\n      x: money',
      'plan.yml:4: events.a.properties.x.type: expected one of text, ',
    ],
    [
      'events: { a: { properties: { x: { type: list, values: [1] } } } }',
      'only texts, numbers and booleans have a list',
    ],
    [`events: { 'a"b': {} }`, 'a name without quotes, backslashes and line breaks is expected'],
    ['version: 1', 'plan.yml:1: events: expected the events by name, such as `events: { signed_up'],
    ['', 'plan.yml:1: events: expected the events by name, such as `events: { signed_up'],
    ['# to be written', 'plan.yml:1: events: expected the events by name'],
    ['events:', 'plan.yml:1: events: expected the events by name'],
    ['events: [a]', 'plan.yml:1: events: expected the events by name'],
  ])('that is wrong is told with file and line: %j', (text, message) => {
    expect(() => parseTrackingPlan(text, 'plan.yml')).toThrow(
      expect.objectContaining({ code: 'TRACKING_PLAN_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('makes the same models each time, and refuses two events of one name', () => {
    const plan = parseTrackingPlan(PLAN, 'tracking-plan.yml');
    const models = trackingModels(plan);
    expect(Object.keys(models)).toEqual(['core/event_it_s_gone.sql', 'core/event_signed_up.sql']);
    expect(trackingModels(parseTrackingPlan(PLAN, 'tracking-plan.yml'))).toEqual(models);
    expect(() => trackingModels(parseTrackingPlan('events: { Signed Up: {}, signed_up: {} }', 'p.yml'))).toThrow(
      'p.yml: Signed Up and signed_up would both be the model event_signed_up',
    );
  });

  for (const engine of engines) {
    it(`makes models that compile on ${engine}, give typed columns, and are tested by what the plan says`, async () => {
      const root = join(import.meta.dirname, '../..');
      const made = trackingModels(parseTrackingPlan(PLAN, 'tracking-plan.yml'));
      const events = `/*
description: Events as models read them. One row per event.
grain: [event_id]
columns:
${['event_id', 'source', 'anonymous_id', 'user_id', 'event_name'].map((name) => `  ${name}: { type: text, description: A column. }\n`).join('')}  properties: { type: json, description: A column. }
  occurred_at: { type: timestamptz, description: A column. }
*/
select event_id, source, anonymous_id, user_id, event_name, properties, occurred_at from events_feed
`;
      const feed = `description: Events. One row per event.
grain: [event_id]
columns:
${['event_id', 'source', 'anonymous_id', 'user_id', 'event_name'].map((name) => `  ${name}: { type: text, description: A column. }\n`).join('')}  properties: { type: json, description: A column. }
  occurred_at: { type: timestamptz, description: A column. }
`;
      const folder = writeFiles({
        'models/feeds/events.yml': feed,
        'models/core/events.sql': events,
        ...Object.fromEntries(Object.entries(made).map(([path, text]) => [`models/${path}`, text])),
      });
      const given = { origin: 'revops', models: join(folder, 'models'), sql: join(root, 'sql') };
      const compiled = await compileProject(await readModelProject([given]), engine);
      const { warehouse, dispose } = await openTestWarehouse(engine);
      const event = (id: string, properties: object | null): Record<string, string | null> => ({
        ...{ event_id: id, source: 'site', anonymous_id: null, user_id: 'u', event_name: 'Signed Up' },
        ...{ properties: properties === null ? null : JSON.stringify(properties), occurred_at: '2024-05-01T10:00:00Z' },
      });
      try {
        await installFunctions(warehouse, compiled);
        const library = await buildLibrary(warehouse, compiled, 'made', {
          events_feed: [
            event('1', {
              plan: 'free',
              'Plan!': 2,
              seats: 3.5,
              at: '2024-05-01T10:00:00Z',
              until: '2024-06-01',
              is_trial: true,
              items: [1],
            }),
            event('2', { plan: 7, 'Plan!': 'x', at: 'soon', until: '2024', is_trial: 'no', items: {} }),
            { ...event('3', null), event_name: 'signed up' },
          ],
        });
        const rows = await library.rows('event_signed_up');
        expect(rows).toHaveLength(2);
        expect(rows[0]).toMatchObject({
          ...{ event_id: '1', plan: 'free', plan_2: 2, seats: 3.5, until: '2024-06-01', is_trial: true, items: [1] },
          at: expect.stringContaining('2024-05-01T10:00:00'),
        });
        const wrong = { plan: null, plan_2: null, seats: null, at: null, until: null, is_trial: null, items: null };
        expect(rows[1]).toMatchObject({ event_id: '2', ...wrong });
        expect((await library.failures()).map(({ relation, test }) => `${relation} ${test}`)).toEqual([
          'event_signed_up not_null plan',
          'event_signed_up not_null plan_2',
          'event_signed_up not_null at',
        ]);
      } finally {
        await dispose();
      }
    });
  }
});
