import { beforeAll, describe, expect, it } from 'vitest';

import { attributionDefinition, partDifferences, type AttributionDefinition } from '../../src/attribution/index.ts';
import type { Model, ModelProject } from '../../src/model/contract.ts';
import { compileProject } from '../../src/model/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { lockedSettings as SETTINGS } from '../support/locked-settings.ts';
import { shippedLibrary } from '../support/shipped.ts';

let shipped: ModelProject;
let locked: AttributionDefinition;

beforeAll(async () => {
  const compiled = await shippedLibrary();
  shipped = compiled.project;
  locked = attributionDefinition(compiled, SETTINGS);
}, 60_000);

async function definitionOf(project: ModelProject, engine: EngineName = 'duckdb'): Promise<AttributionDefinition> {
  return attributionDefinition(await compileProject(project, engine), SETTINGS);
}

/** A ledger is nothing without its key and grain. */
function unkeyed({ materialized }: Model): Partial<Model> {
  return materialized === 'ledger' ? {} : { key: {}, lookups: {}, wakesAt: [], grain: [] };
}

/** The shipped models with the SQL of one changed. */
function withSql(model: string, change: (sql: string) => string): ModelProject {
  const models = shipped.models.map((own) => (own.name === model ? { ...own, sql: change(own.sql) } : own));
  expect(models).not.toEqual(shipped.models);
  return { ...shipped, models };
}

async function changedParts(project: ModelProject): Promise<string[]> {
  const now = await definitionOf(project);
  const parts = partDifferences(locked.parts, now.parts).map(({ part }) => part);
  expect(now.digest === locked.digest).toBe(parts.length === 0);
  return parts;
}

describe('the attribution definition', { timeout: 60_000 }, () => {
  it('holds what credits rest on, and no staging, mart, feed or list of days', () => {
    const names = Object.keys(locked.parts);
    for (const model of [
      'touchpoints',
      'conversions',
      'deal_conversions',
      'contact_conversions',
      'conversion_people',
      'new_customers',
      'conversion_touchpoints',
      'attribution_credits',
      'contacts',
      'deals',
    ]) {
      expect(names).toContain(`model ${model}`);
    }
    expect(names).toContain('list channel_by_crm_source: EMAIL_MARKETING');
    expect(names.filter((name) => /hubspot_|_feed|cac|exchange_rates|student_t/.test(name))).toEqual([]);
  });

  it('is the same on both engines', async () => {
    expect(await definitionOf(shipped, 'postgres')).toEqual(locked);
  });

  it('does not change with comments, blanks and keyword case, nor with headers', async () => {
    const reworded = withSql(
      'touchpoints',
      (sql) => `-- a comment\n${sql.replaceAll('\n', '  \n').replace('with ', 'WITH /* another */ ')}`,
    );
    const models = reworded.models.map((own) =>
      own.layer === 'core' ? { ...own, ...unkeyed(own), tests: [], description: 'Another.' } : own,
    );
    expect(await changedParts({ ...reworded, models })).toEqual([]);
  });

  it('does not change with comments in functions', async () => {
    const script = <File extends { sql: string }>(own: File): File => ({
      ...own,
      sql: own.sql.replaceAll(/^(create [^;]*\bas)\n/gim, '$1 -- why\n\n    '),
    });
    const { duckdb, postgres } = shipped.functions;
    expect(await changedParts({ ...shipped, functions: { duckdb: duckdb.map(script), postgres } })).toEqual([]);
  });

  it('names the model whose SQL changed', async () => {
    const others = withSql('conversion_touchpoints', (sql) =>
      sql.replace('conversion_windows.converted_at\n)', "conversion_windows.converted_at - interval '1 second'\n)"),
    );
    expect(await changedParts(others)).toEqual(['model conversion_touchpoints']);
  });

  it('names the row of a reference list that changed, came or went', async () => {
    const inputs = shipped.inputs.map((input) =>
      input.name === 'channel_by_crm_source'
        ? {
            ...input,
            rows: [
              ...input.rows
                .filter((row) => row['crm_source'] !== 'OFFLINE')
                .map((row) => (row['crm_source'] === 'REFERRALS' ? { ...row, channel: 'Partners' } : row)),
              { crm_source: 'EVENTS', channel: 'Events', is_paid: 'false' },
            ],
          }
        : input,
    );
    expect(await changedParts({ ...shipped, inputs })).toEqual([
      'list channel_by_crm_source: EVENTS',
      'list channel_by_crm_source: OFFLINE',
      'list channel_by_crm_source: REFERRALS',
    ]);
  });

  it('does not change with the order of a list, nor with a new exchange rate', async () => {
    const inputs = shipped.inputs.map((input) => ({
      ...input,
      rows:
        input.name === 'exchange_rates'
          ? [{ rate_date: '2026-01-01', currency: 'USD', rate: '0.9' }]
          : input.rows.toReversed(),
    }));
    expect(await changedParts({ ...shipped, inputs })).toEqual([]);
  });

  it('changes with a function that the models call, on either engine', async () => {
    const { duckdb, postgres } = shipped.functions;
    const script = <File extends { sql: string }>(own: File): File => ({
      ...own,
      sql: own.sql.replace(/(function (?:revops\.)?elapsed_days[\s\S]*?)\b24\b/, '$125'),
    });
    const changed = postgres.map(script);
    expect(changed).not.toEqual(postgres);
    expect(await changedParts({ ...shipped, functions: { duckdb, postgres: changed } })).toEqual([
      'function elapsed_days',
    ]);
  });

  it('changes with each setting', async () => {
    const compiled = await shippedLibrary();
    const others = {
      primaryModel: 'first_touch',
      lookbackDays: 60,
      positionBased: { first: 0.5, last: 0.4 },
      wShaped: { first: 0.3, lead: 0.3, opportunity: 0.2 },
      halfLifeDays: 14,
      bookOn: 'touch',
      conversionOwner: 'person',
      identity: { 'identity.mostDevices': '100' },
      sessions: { timeoutMinutes: 60, splitOnSource: true },
      timeZone: 'UTC',
      currency: 'USD',
    };
    for (const [name, value] of Object.entries(others)) {
      const { parts, digest } = attributionDefinition(compiled, { ...SETTINGS, [name]: value });
      expect(partDifferences(locked.parts, parts)).toHaveLength(1);
      expect(digest).not.toBe(locked.digest);
    }
  });
});
