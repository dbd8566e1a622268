import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { checkConfig } from '../../src/project/schema.ts';
import { Secret } from '../../src/secret.ts';

const good = {
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: {},
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
};

function messageFor(change: Record<string, unknown>): string {
  try {
    checkConfig({ ...good, ...change }, 'revops.config.ts');
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('checkConfig', () => {
  it('fills in the defaults', () => {
    expect(checkConfig(good, 'revops.config.ts')).toEqual({
      ...good,
      weekStart: 'monday',
      identity: { mostIdentities: 10, mostDevices: 100, joinsMailboxAliases: false },
      attribution: {
        lookbackDays: 90,
        primaryModel: 'linear',
        positionBased: { first: 0.4, last: 0.4 },
        wShaped: { first: 0.3, lead: 0.3, opportunity: 0.3 },
        halfLifeDays: 7,
        bookOn: 'conversion',
        settleDays: 14,
      },
      conversions: { truth: 'crm', owner: 'company', dedupHours: {}, dedupHoursAcrossCrms: {}, paymentHours: 720 },
      pipeline: [],
      sessions: { timeoutMinutes: 30, splitOnSource: true },
      checks: {
        gate: 'stamp',
        freshnessHours: 26,
        slaHours: {},
        volumeChange: 0.2,
        driftHours: 72,
        leastIdentified: 0.7,
        mostUnattributed: 0.5,
        mostMismatched: 0.3,
        leastEmails: 0.8,
        mostDuplicates: 0.03,
        mostOrphans: 0.2,
        mostRejected: 0.02,
        mostIrregular: 0.1,
        mostRestated: 0.01,
        mostRefunded: 0.1,
        mostGivers: 10,
        mostContaminated: 0.05,
        mostUnmapped: 0.05,
        leastLinked: 0.25,
        mostVanished: 0.1,
        leastTouches: 5,
        untouchedClicks: 100,
        spreadsheetConversions: 100,
        definitionWarningDays: 180,
        definitionErrorDays: 540,
      },
      reconciliation: { conversionTolerance: 0.05, amountTolerance: 0.02 },
      holdouts: [],
      activation: { consent: 'required' },
      writeback: {},
      schedule: {},
      runs: { keepDays: 180 },
      alerts: {},
      packages: [],
    });
  });

  it('has the thresholds that docs/checks.md lists', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/checks.md'), 'utf8');
    const listed = text.split('## Thresholds')[1]?.split('```')[1] ?? '';
    const { gate: _, slaHours: __, ...thresholds } = checkConfig(good, 'revops.config.ts').checks;
    const written = [...listed.matchAll(/^ {2}(\w+): ([\d.]+),/gm)].map(([, name, value]) => [name, Number(value)]);
    expect(Object.fromEntries(written)).toEqual(thresholds);
  });

  it('makes a plain Postgres URL a secret', () => {
    const { warehouse } = checkConfig(
      { ...good, warehouse: { type: 'postgres', url: 'postgres://u:canary-pw@h/d' } },
      'f',
    );
    expect(warehouse.type === 'postgres' && warehouse.url).toBeInstanceOf(Secret);
    expect(JSON.stringify(warehouse)).not.toContain('canary-pw');
  });

  it.each([
    [{ attribution: { lookbackDays: 0 } }, 'attribution.lookbackDays'],
    [{ attribution: { lookback: 30 } }, 'attribution.lookback: there is no such option'],
    [{ timezone: 'UTC' }, 'timezone: there is no such option'],
    [{ timeZone: 'Berlin' }, "timeZone: expected an IANA time zone such as 'Europe/Berlin'"],
    [{ timeZone: '+02:00' }, "timeZone: expected an IANA time zone such as 'Europe/Berlin'"],
    [{ currency: 'Euro' }, "currency: expected an ISO 4217 currency such as 'EUR'"],
    [{ start: '01.05.2025' }, "start: expected a day as 'YYYY-MM-DD'"],
    [{ start: undefined }, "start: missing, expected a day as 'YYYY-MM-DD'"],
    [{ warehouse: undefined }, 'warehouse: missing, expected { type: …, … }'],
    [{ warehouse: { type: 'mysql' } }, "warehouse.type: expected the type 'duckdb' or 'postgres'"],
    [{ warehouse: { type: 'duckdb' } }, 'warehouse.path: missing'],
    [{ warehouse: { type: 'duckdb', path: 'x', threads: 'many' } }, 'warehouse.threads'],
    [{ warehouse: { type: 'postgres' } }, "warehouse.url: missing, expected env('NAME') or a postgres:// URL"],
    [{ connectors: { crm: {} } }, 'connectors.crm: expected a connector'],
    [
      { connectors: { crm: { name: 'other', open: 1, streams: [] } } },
      "connectors.crm: this is the connector other: its key must be 'other'",
    ],
    [{ checks: { volumeChange: 20 } }, 'checks.volumeChange: expected a share from 0 to 1: 20 % is 0.2'],
    [{ checks: { mostOrphans: -1 } }, 'checks.mostOrphans: expected a share from 0 to 1: 20 % is 0.2'],
    [
      { checks: { definitionWarningDays: 600, definitionErrorDays: 10 } },
      'checks.definitionErrorDays: an error after 10 days, and no warning before 600: expected definitionWarningDays of at most 10',
    ],
    [
      { checks: { definitionErrorDays: 90 } },
      'checks.definitionErrorDays: an error after 90 days, and no warning before 180',
    ],
    [{ weekStart: 'friday' }, 'weekStart: Invalid option: expected one of "monday"|"sunday"'],
    [{ conversions: { dedupHours: { leads: 1 } } }, 'conversions.dedupHours.leads: '],
    [{ conversions: { dedupHours: { lead: 0.5 } } }, 'conversions.dedupHours.lead: '],
    [{ pipeline: { stages: [] } }, 'pipeline.0.version: missing, expected a name or a number'],
    [{ pipeline: { version: 'shipped', stages: [] } }, 'pipeline.0.version: shipped is the definition that comes with'],
    [
      { pipeline: { version: 1, stages: [{ name: 'pql', when: [] }] } },
      'pipeline.0.stages.0.name: expected one of lead, mql, sql, opportunity, customer',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'mql', when: { stage: 'x' } }] } },
      'pipeline.0.stages.0.when.0.stage: there is no such option',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'mql', when: { deal: 'created', contact: 'created' } }] } },
      'pipeline.0.stages.0.when.0: expected exactly one of contact, lifecycleStage, deal, dealStage, event, form, payment',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'mql', when: { lifecycleStage: 'x', pipeline: 'p' } }] } },
      'pipeline.0.stages.0.when.0.pipeline: only deals are in a pipeline',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'lead', when: { payment: 'first' } }] } },
      'pipeline.0.stages.0.when.0.payment: who pays is a customer',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'customer', when: { form: 'submitted' } }] } },
      'pipeline.0.stages.0.when.0.form: a form makes no customer',
    ],
    [{ conversions: { truth: 'ads' } }, 'conversions.truth: '],
    [
      { pipeline: { version: 1, stages: [{ name: 'customer', when: { deal: 'created' } }] } },
      'pipeline.0.stages.0.when.0.deal: a deal makes a customer while it is won',
    ],
    [
      { pipeline: { version: 1, stages: [], criteria: [{ dealStage: 'offer', needs: ['budget'] }] } },
      'pipeline.0.criteria.0.needs.0: expected one of amount, company, contact, owner, closeDate, currency',
    ],
    [
      { pipeline: { version: 1, stages: [{ name: 'sql', when: { deal: 'won' } }] } },
      "pipeline.0.stages.0.when.0.deal: 'won' is for customers",
    ],
    [
      {
        pipeline: {
          version: 1,
          stages: [
            { name: 'mql', when: [] },
            { name: 'mql', when: [] },
          ],
        },
      },
      'pipeline.0.stages.1.name: mql is there already',
    ],
    [
      {
        pipeline: [
          { version: 1, stages: [] },
          { version: '1', stages: [] },
        ],
      },
      'pipeline.1.version: there is a version 1 already; pipeline.1.effectiveFrom: missing',
    ],
    [
      {
        pipeline: [
          { version: 1, effectiveFrom: '2026-02-01', stages: [] },
          { version: 2, effectiveFrom: '2026-02-01', stages: [] },
        ],
      },
      'pipeline.1.effectiveFrom: expected a day after 2026-02-01, when version 1 begins',
    ],
  ])('names the path of the wrong option: %j', (change, expected) => {
    expect(messageFor(change)).toContain(`revops.config.ts: ${expected}`);
  });

  it('lists every wrong option at once', () => {
    expect(messageFor({ start: 1, currency: 'x' })).toMatch(/start: expected a day.*; currency: /);
  });

  it('wants a default export', () => {
    expect(() => checkConfig(undefined, 'revops.config.ts')).toThrow(
      'revops.config.ts has no config as its default export',
    );
  });
});
