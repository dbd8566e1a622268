/**
 * Reading a partition of changes (`upsert`, `append`, `set`): spools that end at checkpoints, each resting on the one before.
 */
import { isDeepStrictEqual } from 'node:util';

import type { ChangesSlice, Cursor, Page, Partition, UpsertStream } from '../connector/contract.ts';
import { isRevopsError } from '../errors.ts';
import { CHECKPOINT } from './contract.ts';
import { sliceLabel, type Manifest, type Position } from './manifest.ts';
import { beginReading, type Reading } from './reading.ts';
import { readError, waitForRetry } from './retry.ts';
import type { StreamRun } from './run.ts';
import { Stopped, throwIfOver, untilStopped } from './stop.ts';

const DAY = 86_400_000;

/** Where a read of changes begins, and whether it is a read of everything. */
export interface ChangesPlan {
  since: Cursor | null;
  isFull: boolean;
  /** When the read of everything under way began. */
  fullStartedAt: string | null;
}

/** Pure: goes on from the cursor; from the beginning if that was never done or is due again. */
export function planChanges(
  position: Position,
  now: Date,
  fullEvery: number | undefined,
  isSnapshot: boolean,
): ChangesPlan {
  const { cursor, fullReadAt, fullStartedAt } = position;
  if (fullStartedAt !== null && !isSnapshot) return { since: cursor, isFull: true, fullStartedAt };
  const isDue =
    fullReadAt === null || (fullEvery !== undefined && now.getTime() - Date.parse(fullReadAt) >= fullEvery * DAY);
  if (isDue || cursor === null) return { since: null, isFull: true, fullStartedAt: now.toISOString() };
  return { since: cursor, isFull: false, fullStartedAt: null };
}

/**
 * Reads a partition to its end and gives finished spools, in the order in which they have to be loaded. A failed read
 * goes on from the last checkpoint. Throws Stopped after having given what is complete, else a RevopsError.
 */
export async function* readChanges(
  source: StreamRun,
  partition: Partition,
  start: { revision: number; position: Position },
): AsyncGenerator<Manifest> {
  const stream = source.stream as Exclude<StreamRun['stream'], { mode: 'window' }>;
  const { options } = source.run;
  const isSnapshotStream = (stream as UpsertStream<unknown>).snapshot === true;
  const known = (await isOutdated(source, start.position)) ? { ...start.position, fullReadAt: null } : start.position;
  const limit = options.checkpoint ?? CHECKPOINT;
  const plan = planChanges(known, options.now(), stream.fullEvery, isSnapshotStream);
  /** A snapshot is known to be whole only if it was read in one go, so it is loaded in one go. */
  const isSnapshot = isSnapshotStream && plan.since === null;

  let { revision } = start;
  let position = start.position;
  let since = plan.since;
  for (let attempt = 1; ; attempt += 1) {
    let slice: Manifest['slice'] = { kind: 'changes', since };
    let reading: Reading = beginReading(source, partition, slice);
    let cursor = since;
    const moved = (): boolean => !isSnapshot && !isDeepStrictEqual(cursor, since);
    const checkpoint = async (): Promise<Manifest> => {
      const next: Position = { cursor, fullReadAt: position.fullReadAt, fullStartedAt: plan.fullStartedAt };
      const manifest = await reading.finish({ slice, revision, next, isSnapshot: false, controlTotals: null });
      revision += 1;
      position = next;
      since = cursor;
      attempt = 1;
      return manifest;
    };
    let isOpen = true;
    try {
      const request: ChangesSlice = { kind: 'changes', partition, since, start: options.start };
      for await (const page of untilStopped<Page>(stream.read(source.context, request), source.signal)) {
        await reading.add(page);
        if (page.cursor === undefined) continue;
        cursor = page.cursor;
        const size = reading.size();
        if (!moved() || (size.rows < limit.rows && size.bytes < limit.bytes)) continue;
        isOpen = false;
        yield await checkpoint();
        slice = { kind: 'changes', since };
        reading = beginReading(source, partition, slice);
        isOpen = true;
        throwIfOver(source);
      }
      const next: Position = {
        cursor,
        fullReadAt: plan.isFull ? plan.fullStartedAt : position.fullReadAt,
        fullStartedAt: null,
      };
      if (!isSnapshot && reading.size().rows === 0 && !isWorthStoring(position, next, stream.fullEvery)) return;
      isOpen = false;
      yield await reading.finish({ slice, revision, next, isSnapshot, controlTotals: null });
      return;
    } catch (thrown) {
      const error = readError(thrown, source.connection, `${source.shape.connector}, ${source.shape.stream}`);
      // Progress is kept, so that a source that fails every few pages still comes to its end.
      if (isOpen && moved() && !isRevopsError(error, 'SPOOL_FAILED')) {
        isOpen = false;
        yield await checkpoint();
      }
      if (error instanceof Stopped) throw error;
      await waitForRetry(source, sliceLabel({ partition, slice }), attempt, error);
    } finally {
      if (isOpen) await reading.discard();
    }
  }
}

// --- internal ---

/** Whether a snapshot has to be read anew because its source says so. */
async function isOutdated(source: StreamRun, { cursor }: Position): Promise<boolean> {
  const { stream, context, connection, shape } = source;
  if (stream.mode !== 'upsert' || stream.snapshot !== true || cursor === null) return false;
  try {
    return (await stream.isOutdated?.(context, cursor)) === true;
  } catch (error) {
    throw readError(error, connection, `${shape.connector}, ${shape.stream}`);
  }
}

/** Reading nothing twice leaves no trace, unless the next run would decide otherwise by it. */
function isWorthStoring(before: Position, after: Position, fullEvery: number | undefined): boolean {
  if (!isDeepStrictEqual(before.cursor, after.cursor) || before.fullStartedAt !== null || before.fullReadAt === null)
    return true;
  return fullEvery !== undefined && before.fullReadAt !== after.fullReadAt;
}
