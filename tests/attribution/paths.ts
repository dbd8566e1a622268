/**
 * The shipped attribution models and marts over given touchpoints, conversions and spend: what comes before them is six
 * raw tables of a test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { InputRow, ModelProject } from '../../src/model/contract.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import type { LogicalType } from '../../src/warehouse/types.ts';
import { run } from '../model/building.ts';
import { model, projectOf, type Files } from '../model/project.ts';
import { makeRaw, sync, type RawRow, type RawTableShape } from '../model/synced.ts';

const ROOT = join(import.meta.dirname, '../..');

const TABLES: Record<string, { columns: Record<string, LogicalType>; key: string[]; use: string }> = {
  touchpoints: {
    columns: {
      touchpoint_id: 'text',
      person_id: 'text',
      channel: 'text',
      platform: 'text',
      campaign_id: 'text',
      occurred_at: 'timestamptz',
    },
    key: ['touchpoint_id'],
    use: 'person_id',
  },
  all_conversions: {
    columns: {
      conversion_id: 'text',
      conversion_type: 'text',
      source: 'text',
      deal_id: 'text',
      person_id: 'text',
      amount_reporting: 'decimal(18,6)',
      is_new_customer: 'boolean',
      converted_date: 'date',
      converted_at: 'timestamptz',
      reversed_at: 'timestamptz',
    },
    key: ['conversion_id'],
    use: 'conversion_id',
  },
  conversion_people: {
    columns: { conversion_id: 'text', person_id: 'text' },
    key: ['conversion_id', 'person_id'],
    use: 'conversion_id',
  },
  conversion_reversals: {
    columns: {
      conversion_id: 'text',
      cause: 'text',
      reversed_date: 'date',
      reversed_at: 'timestamptz',
      recorded_at: 'timestamptz',
    },
    key: ['conversion_id'],
    use: 'conversion_id',
  },
  identity_merges: {
    columns: { change: 'text', component_before: 'text', component_after: 'text', build_id: 'text' },
    key: ['component_before', 'build_id'],
    use: 'build_id',
  },
  spend_daily: {
    columns: { channel: 'text', source_grain: 'text', spend_reporting: 'decimal(18,6)', spend_date: 'date' },
    key: ['channel', 'spend_date'],
    use: 'channel',
  },
};

/** Columns of a raw table by name; absent ones are NULL. */
export type Given = Partial<Record<keyof typeof TABLES, RawRow[]>>;

/** The project, with the raw tables under it. */
export function pathsProject(): Promise<ModelProject> {
  return projectOf(pathsFiles());
}

/** Its files, with their content by path. */
export function pathsFiles(): Files {
  const staging = Object.entries(TABLES).map(([name, { columns, key }]) => {
    const reads = Object.entries(columns).map(([column, type]) => `${column}: "${type}"`);
    const header = `grain: [${key.join(', ')}]\nsource: given.${name}\nreads: { ${reads.join(', ')}, _deleted: boolean }`;
    const sql = `select ${Object.keys(columns).join(', ')} from source where not _deleted`;
    return [`models/staging/given/${name}.sql`, model(typed(columns), sql, header)];
  });
  return { ...shipped(), ...(Object.fromEntries(staging) as Files) };
}

/** The project with rows, `given_touchpoints` and so on, in the place of the raw tables: for `buildLibrary`. */
export function plainPathsProject(): Promise<ModelProject> {
  const files = shipped();
  const inputs = Object.entries(TABLES).map(([name, { columns, key }]) =>
    [
      `given_${name}:`,
      '  filled_by: engine',
      '  description: Given. One row.',
      `  grain: [${key.join(', ')}]`,
      '  columns:',
      ...Object.entries(columns).map(([column, type]) => `    ${column}: { type: '${type}', description: A column. }`),
    ].join('\n'),
  );
  const file = 'models/reference/inputs.yml';
  return projectOf({ ...files, [file]: [files[file], ...inputs].join('\n\n') });
}

/** Makes the raw tables. */
export async function openPaths(warehouse: Warehouse): Promise<void> {
  for (const name of Object.keys(TABLES)) await makeRaw(warehouse, shapeOf(name));
}

/** One load of each table: rows that are there afterwards, and rows that are gone. */
export async function loadPaths(warehouse: Warehouse, given: Given, gone: Given = {}): Promise<void> {
  for (const name of Object.keys(TABLES))
    await sync(warehouse, shapeOf(name), { rows: given[name] ?? [], vanished: gone[name] ?? [] });
}

/** What the config says unless a test says otherwise. */
export const SETTINGS: InputRow = {
  time_zone: 'UTC',
  reporting_currency: 'EUR',
  week_start: 'monday',
  lookback_days: 90,
  primary_model: 'linear',
  position_first: '0.4',
  position_last: '0.4',
  w_first: '0.3',
  w_lead: '0.3',
  w_opportunity: '0.3',
  half_life_days: 7,
  booking_basis: 'conversion',
  settle_days: 14,
  closed_to: null,
  has_baseline: true,
  baseline_id: 'b1',
};

/** A build at an instant. */
export function buildPaths(
  warehouse: Warehouse,
  project: ModelProject,
  at: string,
  settings: InputRow = {},
): ReturnType<typeof run> {
  const inputs: Record<string, InputRow[]> = {
    settings: [{ ...SETTINGS, ...settings }],
    clock: [{ now_at: at, today: at.slice(0, 10) }],
    source_coverage: [
      {
        connector: 'given',
        stream: 'spend',
        feed: 'ad_spend',
        covered_from: '2024-01-01',
        covered_to: at.slice(0, 10),
      },
      { connector: 'given', stream: 'deals', feed: 'deals', account_id: '', covered_until: at },
    ],
  };
  const engineFilled = project.inputs.filter(({ filledBy }) => filledBy === 'engine').map(({ name }) => name);
  const others = Object.fromEntries(engineFilled.map((name): [string, InputRow[]] => [name, inputs[name] ?? []]));
  return run(warehouse, project, others, { now: () => new Date(at), rebuildShare: Infinity });
}

// --- internal ---

function shapeOf(name: string): RawTableShape {
  const { columns = {}, key = [] } = TABLES[name] ?? {};
  return { connector: 'given', table: name, columns, primaryKey: key };
}

function typed(columns: Record<string, LogicalType>): string[] {
  return Object.entries(columns).map(([name, type]) => `${name} ${type}`);
}

/** The shipped files of attribution and marts and of all that they read, and models of the given tables. */
function shipped(): Files {
  const found: Files = {};
  const visit = (name: string): void => {
    const path = [
      `models/core/${name}.sql`,
      `models/marts/${name}.sql`,
      `models/feeds/${name.replace(/_feed$/, '')}.yml`,
    ].find((at) => existsSync(join(ROOT, at)));
    if (path === undefined || name in TABLES || path in found) return;
    found[path] = readFileSync(join(ROOT, path), 'utf8');
    for (const [, read = ''] of found[path].matchAll(/\b(?:from|join)\s+(\w+)/g))
      visit(read.replace(/_restatements$/, ''));
  };
  ['attribution_restatements', 'attribution_channels', 'marginal_cac', 'settled_credits'].forEach(visit);
  found['models/core/conversions.sql'] = model(
    typed(TABLES['all_conversions']?.columns ?? {}),
    `select ${Object.keys(TABLES['all_conversions']?.columns ?? {}).join(', ')} from all_conversions where reversed_at is null`,
    'grain: [conversion_id]\nkey: conversion_id',
  );
  for (const [name, { columns, key, use }] of Object.entries(TABLES)) {
    const sql = `select ${Object.keys(columns).join(', ')} from given_${name}`;
    const header = `grain: [${key.join(', ')}]\nkey: ${use}`;
    found[`models/core/${name}.sql`] = model(typed(columns), sql, header);
  }
  const folders = ['models/reference', 'sql/duckdb', 'sql/postgres', 'sql/checks'];
  for (const folder of folders)
    for (const file of readdirSync(join(ROOT, folder)))
      found[`${folder}/${file}`] = readFileSync(join(ROOT, folder, file), 'utf8');
  return found;
}
