import { digest } from '../compile/digest.ts';
import { closureOf } from '../compile/functions.ts';
import type { CompiledProject } from '../relation.ts';
import { readBy, testedBy } from './tested.ts';
import type { UnitCase } from './unit-case.ts';

/** Of all that a case's result follows from: a case whose fingerprint is as before need not run again. */
export function caseFingerprint(compiled: CompiledProject, unit: UnitCase): string {
  const tested = testedBy(compiled, unit);
  if (tested === null) return digest([unit.digest, null]);
  const { model, shown } = tested;
  const { sql, key, wakesAt, materialized, source, ledger, components } = model.model;
  const calls = model.parsed.calls.map(({ name }) => name);
  const parents = readBy(compiled, tested).map((name) => {
    const parent = compiled.byName.get(name);
    return [name, shapeOf(parent?.columns ?? []), parent?.grain, parent?.kind === 'input' ? parent.input.rows : null];
  });
  return digest([
    [unit.digest, unit.standard, unit.lists, unit.file],
    [sql, key, wakesAt, materialized, source ?? null, shapeOf(model.columns), model.grain],
    [ledger ?? null, components ?? null, shown.kind, shapeOf(shown.columns)],
    closureOf(calls, compiled.library).map((called) => called.sql),
    parents,
  ]);
}

// --- internal ---

function shapeOf(columns: readonly { name: string; type: string }[]): string[] {
  return columns.map(({ name, type }) => `${name} ${type}`);
}
