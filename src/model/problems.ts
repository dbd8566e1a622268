import { RevopsError, type ErrorCode } from '../errors.ts';

/** Something wrong in a model file, and where. */
export interface Problem {
  code: Extract<ErrorCode, 'MODEL_INVALID' | 'MODEL_UNKNOWN_RELATION' | 'MODEL_CYCLE'>;
  file: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
  message: string;
}

/** Throws all problems as one error, the first one's code, in the order of files and lines; nothing where there is none. */
export function throwProblems(problems: readonly Problem[]): void {
  const sorted = problems.toSorted(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  const first = sorted[0];
  if (first === undefined) return;
  const shown = sorted.slice(0, 20).map((problem) => `${placeOf(problem)}: ${problem.message}`);
  if (sorted.length > shown.length) shown.push(`… and ${sorted.length - shown.length} more`);
  throw new RevopsError(first.code, shown.join('\n'), { hint: HINTS[first.code] });
}

// --- internal ---

/** `models/core/deals.sql:12:3`. */
function placeOf(place: { file: string; line?: number; column?: number }): string {
  return [place.file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(':');
}

const HINTS: Record<Problem['code'], string> = {
  MODEL_INVALID: 'How a model file is written: docs/models.md.',
  MODEL_UNKNOWN_RELATION: 'Models name the relations they read bare; `revops list` shows them all.',
  MODEL_CYCLE: 'Models cannot read each other in a circle: move what both need into a model of its own.',
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
