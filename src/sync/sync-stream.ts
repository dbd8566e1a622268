/**
 * One stream: its partitions one after the other, reading ahead of loading by one spool.
 */
import type { Partition } from '../connector/contract.ts';
import { isRevopsError, type RevopsError } from '../errors.ts';
import { syncChanges } from './sync-changes.ts';
import { syncWindow } from './sync-window.ts';
import { ensureRawTables } from './raw-table.ts';
import { readError, waitForRetry } from './retry.ts';
import type { StreamRun } from './run.ts';
import { streamLabel } from './shape.ts';
import { Stopped, throwIfOver } from './stop.ts';

/** Brings a stream up to date. Throws Stopped, or the first failure once every partition had its turn. */
export async function syncStream(source: StreamRun): Promise<void> {
  const { run, shape } = source;
  throwIfOver(source);
  const changes = await run.load(() => ensureRawTables(run.options.warehouse, shape));
  if (changes.length > 0) {
    drift(source, changes, `${streamLabel(shape)}: columns added or widened: ${changes.join(', ')}`);
  }
  await run.options.onStep?.('tables_ready', streamLabel(shape));

  let failure: RevopsError | undefined;
  try {
    for (const partition of await listPartitions(source)) {
      throwIfOver(source);
      try {
        await (shape.mode === 'window' ? syncWindow(source, partition) : syncChanges(source, partition));
      } catch (error) {
        // One account's trouble is not the next one's; the warehouse's and the disk's are.
        if (!isRevopsError(error) || !PARTITION_ERRORS.has(error.code)) throw error;
        failure ??= error;
      }
    }
  } finally {
    const fields = [...source.unknownFields].toSorted();
    if (fields.length > 0) {
      drift(source, fields, `${streamLabel(shape)}: fields without a column are kept in _extra: ${fields.join(', ')}`);
    }
  }
  if (failure !== undefined) throw failure;
}

// --- internal ---

const PARTITION_ERRORS: ReadonlySet<string> = new Set([
  'AUTH_FAILED',
  'REQUEST_REJECTED',
  'SOURCE_UNAVAILABLE',
  'SHRINK_REFUSED',
  'CONTROL_TOTAL',
]);

async function listPartitions(source: StreamRun): Promise<Partition[]> {
  const { stream, connection, shape, context } = source;
  if (stream.partitions === undefined) return [{ key: {}, label: '' }];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await stream.partitions(context);
    } catch (thrown) {
      if (source.signal.aborted) throw new Stopped(source.signal.reason);
      const error = readError(thrown, connection, `${shape.connector}, ${shape.stream}`);
      if (error instanceof Stopped) throw error;
      await waitForRetry(source, 'list of partitions', attempt, error);
    }
  }
}

function drift(source: StreamRun, fields: string[], message: string): void {
  const { connector, stream } = source.shape;
  source.run.options.onEvent({ type: 'drift', connector, stream, fields, message });
}
