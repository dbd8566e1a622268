/**
 * The lock for people.
 */
import { lockName, type Lock, type LockOutcome, type PartDifference } from '../attribution/index.ts';
import { plural } from './format.ts';
import { renderTable } from './table.ts';

export function renderStatus(lock: Lock, differences: number): string {
  return [
    `Locked: ${lockName(lock)}, ${since(lock)}.`,
    `Reason: ${lock.reason}`,
    differences === 0
      ? `The project matches it: ${plural(Object.keys(lock.parts).length, 'part')} compared.`
      : `The project does not match it: ${plural(differences, 'part')} ${differences === 1 ? 'differs' : 'differ'}; \`revops lock diff\` names them. Builds are refused.`,
  ].join('\n');
}

export function renderOutcome({ lock, outcome }: LockOutcome): string {
  const what = {
    created: `Locked: ${lockName(lock)}, ${since(lock)}. Commit attribution.lock.json.`,
    reset: `New ${lockName(lock)}, ${since(lock)}. Commit attribution.lock.json.`,
    completed: `The lock was there already and is in the warehouse now: ${lockName(lock)}.`,
    restored: `attribution.lock.json was missing and is taken back from the warehouse: ${lockName(lock)}. Commit it.`,
  }[outcome];
  return `${what}\nThe next \`revops build\` computes credits under it.`;
}

export function renderDiff(lock: Lock, differences: readonly PartDifference[], width: number): string {
  if (differences.length === 0) return `No difference: the project is what ${lockName(lock)} locked.`;
  return renderTable(
    [{ title: 'Part' }, { title: 'Locked' }, { title: 'Now' }],
    differences.map(({ part, locked, now }) => [part, locked ?? 'absent', now ?? 'absent']),
    width,
  );
}

// --- internal ---

function since({ effective_from: from }: Lock): string {
  return from === null ? 'in force for all periods' : `in force from ${from} on`;
}
