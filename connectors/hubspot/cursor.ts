/**
 * Where a stream stands: reading everything, or following changes.
 */
import { type Cursor, RevopsError } from 'revops/connector';

export type Position =
  | { kind: 'start' }
  | { kind: 'everything'; startedAt: Date; archived: boolean; after: string | null }
  | { kind: 'changes'; since: Date; resume: { startedAt: Date; after: string } | null };

export function everythingCursor(startedAt: Date, archived: boolean, after: string): Cursor {
  return { everything: { started_at: startedAt.toISOString(), archived: archived ? 'yes' : 'no', after } };
}

export function changesCursor(since: Date, resume?: { startedAt: Date; after: string }): Cursor {
  return {
    since: since.toISOString(),
    ...(resume === undefined ? {} : { resume: { started_at: resume.startedAt.toISOString(), after: resume.after } }),
  };
}

export function positionOf(cursor: Cursor | null): Position {
  if (cursor === null) return { kind: 'start' };
  const everything = part(cursor, 'everything');
  if (everything !== undefined) {
    return {
      kind: 'everything',
      startedAt: instant(part(everything, 'started_at')),
      archived: part(everything, 'archived') === 'yes',
      after: text(part(everything, 'after')),
    };
  }
  const resume = part(cursor, 'resume');
  return {
    kind: 'changes',
    since: instant(part(cursor, 'since')),
    resume:
      resume === undefined
        ? null
        : { startedAt: instant(part(resume, 'started_at')), after: text(part(resume, 'after')) },
  };
}

// --- internal ---

function part(cursor: unknown, name: string): unknown {
  return typeof cursor === 'object' && cursor !== null ? (cursor as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : unreadable(value);
}

function instant(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? unreadable(value) : date;
}

function unreadable(value: unknown): never {
  throw new RevopsError('STREAM_CONTRACT', `hubspot: the stored cursor cannot be read: ${JSON.stringify(value)}`, {
    hint: 'Read the stream from the beginning with `revops sync --full`.',
  });
}
