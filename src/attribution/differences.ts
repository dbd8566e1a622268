/**
 * What differs between two definitions, exactly.
 */
export interface PartDifference {
  part: string;
  /** Null where that side has no such part. */
  locked: string | null;
  now: string | null;
}

/** By part's name. */
export function partDifferences(
  locked: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): PartDifference[] {
  return [...new Set([...Object.keys(locked), ...Object.keys(now)])]
    .toSorted()
    .filter((part) => locked[part] !== now[part])
    .map((part) => ({ part, locked: locked[part] ?? null, now: now[part] ?? null }));
}

/** For people: `attribution.lookbackDays: 90 → 60`. */
export function renderDifference({ part, locked, now }: PartDifference): string {
  return `${part}: ${locked ?? 'absent'} → ${now ?? 'absent'}`;
}

/** The first ten, and how many more there are. */
export function renderDifferences(differences: readonly PartDifference[]): string {
  const shown = differences.slice(0, SHOWN).map(renderDifference);
  const more = differences.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

// --- internal ---

const SHOWN = 10;
