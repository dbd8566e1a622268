/**
 * One model file: YAML header in the leading block comment, then one SELECT.
 */
import type { Model } from '../contract.ts';
import { readHeader, type ModelHeader } from './header.ts';
import { checkMisuse, checkOf } from './check-model.ts';
import { misuseOf, specOf } from './materialization.ts';
import type { Problem } from '../problems.ts';

export interface ModelPlace {
  name: string;
  layer: 'staging' | 'core' | 'marts' | 'quality';
  origin: string;
  /** Path for messages. */
  file: string;
  checks: ReadonlySet<string>;
}

/** Reads a `.sql` model; problems are added to `problems`, and then there is no result. */
export function readModel(text: string, place: ModelPlace, problems: Problem[]): Model | undefined {
  const { file } = place;
  const match = /^\s*\/\*([\s\S]*?)\*\//.exec(text);
  if (match === null) {
    problems.push({
      code: 'MODEL_INVALID',
      file,
      line: 1,
      message: 'no header: a model begins with /* description, grain, columns … */',
    });
    return undefined;
  }
  const start = match[0].indexOf('/*') + 2;
  const read = readHeader(
    'model',
    match[1] ?? '',
    { file, line: linesBefore(text, start) + 1, checks: place.checks },
    problems,
  );
  const rest = text.slice(match[0].length);
  const sql = rest.trim().replace(/;\s*$/, '').trimEnd();
  const line = linesBefore(text, match[0].length + (rest.length - rest.trimStart().length)) + 1;
  if (sql === '') problems.push({ code: 'MODEL_INVALID', file, line, message: 'no SELECT after the header' });
  if (read === undefined || sql === '') return undefined;
  const report = (message: string): number => problems.push({ code: 'MODEL_INVALID', file, line: 1, message });
  const { header } = read;
  if (
    place.layer === 'staging'
      ? header.source === undefined || header.reads === undefined
      : header.source !== undefined || header.reads !== undefined
  ) {
    report(
      place.layer === 'staging'
        ? 'a staging model names its raw table (`source: connector.table`) and the columns it reads (`reads: { column: type }`)'
        : 'only staging models read raw tables: source and reads belong to models/staging',
    );
    return undefined;
  }
  if (header.history !== undefined && header.reads?.['_replaced_at'] !== 'timestamptz') {
    report(
      'with `history`, rows are versions: read when each was replaced (`_replaced_at: timestamptz`, NULL for the present one)',
    );
    return undefined;
  }
  if (place.layer !== 'staging' && header.materialized === 'view') {
    report('materialized: view is for staging models only');
    return undefined;
  }
  const misuse = misuseOf(header, read.columns, place.layer) ?? checkMisuse(header, read.columns, place.layer);
  if (misuse !== undefined) {
    report(misuse);
    return undefined;
  }
  if (place.layer !== 'staging' && header.feeds !== undefined) {
    report('only staging models join a feed: feeds belongs to models/staging');
    return undefined;
  }
  return {
    name: place.name,
    layer: place.layer,
    description: header.description.trim(),
    origin: place.origin,
    file,
    sql,
    sqlLine: line,
    materialized: header.materialized ?? (place.layer === 'staging' ? 'view' : 'table'),
    key: keyOf(header),
    ...lookupsOf(header),
    wakesAt: [header.wakes_at].flat().map((name) => {
      const [parent = '', column = ''] = name.split('.');
      return { parent, column };
    }),
    grain: header.grain,
    columns: read.columns,
    tests: read.tests,
    tags: header.tags,
    ...sourceOf(header),
    ...(header.feeds === undefined ? {} : { feeds: header.feeds }),
    ...(header.engine === undefined ? {} : { engine: header.engine }),
    ...specOf(header),
    ...(header.check === undefined ? {} : { check: checkOf(header.check) }),
  };
}

// --- internal ---

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}

function keyOf(header: ModelHeader): Model['key'] {
  const { key } = header;
  if (key === undefined) return {};
  if (typeof key === 'string') return { [key]: {} };
  if (Array.isArray(key)) return Object.fromEntries(key.map((name) => [name, {}]));
  return Object.fromEntries(Object.entries(key).map(([name, parents]) => [name, parents ?? {}]));
}

function lookupsOf({ lookups }: ModelHeader): Pick<Model, 'lookups'> {
  if (lookups === undefined) return {};
  const ways = Object.entries(lookups).map(([name, written]) => [name, [written].flat().map(wayOf)]);
  return { lookups: Object.fromEntries(ways) as NonNullable<Model['lookups']> };
}

function wayOf(written: Record<string, string>): { parent: string; columns: Record<string, string> } {
  const pairs = Object.entries(written).map(([column, name]) => ({ column, target: name.split('.') }));
  return {
    parent: pairs[0]?.target[0] ?? '',
    columns: Object.fromEntries(pairs.map(({ column, target }) => [column, target[1] ?? ''])),
  };
}

function sourceOf(header: ModelHeader): Pick<Model, 'source'> {
  if (header.source === undefined || header.reads === undefined) return {};
  const [connector = '', table = ''] = header.source.split('.');
  const versions = header.history === true ? { history: true } : {};
  return { source: { connector: connector.replaceAll('-', '_'), table, columns: header.reads, ...versions } };
}
