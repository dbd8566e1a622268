/**
 * What a model of `models/quality` has to have: it is a check, and its rows are what it finds.
 */
import type { CheckSpec, DataTest, ModelColumn } from '../contract.ts';
import type { ModelHeader } from './header.ts';

/** What is wrong with a model's use of `check`, or with the columns of a check. */
export function checkMisuse(header: ModelHeader, columns: readonly ModelColumn[], layer: string): string | undefined {
  if (layer !== 'quality') {
    return header.check === undefined ? undefined : 'only models of models/quality are checks: `check` belongs there';
  }
  if (header.check === undefined) return 'a model of models/quality is a check: `check: { remedy: what to do }`';
  if (header.materialized !== undefined && header.materialized !== 'table') return 'a check is a table';
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const missing = Object.entries(FINDING).find(([name, type]) => types.get(name) !== type);
  return missing === undefined ? undefined : `a check has a column ${missing[0]} of type ${missing[1]}`;
}

/** The check of a header. */
export function checkOf({ gates, remedy }: NonNullable<ModelHeader['check']>): CheckSpec {
  return { remedy: remedy.trim(), ...(gates === undefined ? {} : { gates }) };
}

/** What every finding is tested on, whatever the header says: how grave one of another word is nobody knows. */
export function findingTests(columns: readonly ModelColumn[]): DataTest[] {
  return FINDING_TESTS.map((test) => ({
    ...test,
    severity: 'error',
    line: columns.find(({ name }) => name === test.column)?.line ?? 1,
  }));
}

// --- internal ---

const FINDING_TESTS = [
  { kind: 'not_null', column: 'subject', arguments: null },
  { kind: 'not_null', column: 'severity', arguments: null },
  { kind: 'accepted_values', column: 'severity', arguments: ['error', 'investigate', 'warning'] },
  { kind: 'not_null', column: 'detail', arguments: null },
] as const;

/** The columns that every finding has. */
const FINDING = { subject: 'text', day: 'date', severity: 'text', detail: 'text' } as const;
