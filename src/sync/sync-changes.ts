/**
 * A partition of changes: spools are loaded in order while the next one is being read.
 */
import type { Cursor, Partition } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import { loadSpool } from './load.ts';
import { partitionKey, type Manifest } from './manifest.ts';
import { readChanges } from './read-changes.ts';
import { readError } from './retry.ts';
import { addRows, type StreamRun } from './run.ts';
import { checkPartition, streamLabel } from './shape.ts';
import { removeSpool } from './spool-folder.ts';
import { readState } from './state.ts';

/** Reads and loads what changed. Throws Stopped once what is complete is loaded. */
export async function syncChanges(source: StreamRun, partition: Partition): Promise<void> {
  const { run, shape } = source;
  const { connector, stream } = shape;
  if (source.stream.mode === 'upsert' && source.stream.snapshot === true) {
    checkPartition(shape, partition, 'A snapshot buries what its partition no longer has, so that has to be a column.');
  }
  const start = await run.load(() => readState(run.options.warehouse, shape, partitionKey(partition.key)));
  run.options.onEvent({ type: 'stream_started', connector, stream, slices: 1 });
  await release(source, start.position.cursor);
  let loading: Promise<void> = Promise.resolve();
  try {
    for await (const manifest of readChanges(source, partition, start)) {
      try {
        await loading;
      } catch (error) {
        // It rests on the one that failed.
        await removeSpool(run.folder, manifest.loadId);
        throw error;
      }
      loading = loadOne(source, manifest);
      loading.catch(() => undefined);
    }
  } finally {
    await loading;
  }
}

/** Loads a spool and counts it. */
export async function loadOne(source: StreamRun, manifest: Manifest): Promise<void> {
  const { run, shape, stream } = source;
  const result = await loadSpool(run, shape, stream, manifest);
  if (result.outcome === 'outdated') {
    throw new RevopsError('INTERNAL', `${streamLabel(shape)}: the warehouse changed while it was being read`, {
      hint: 'Another process wrote to it in spite of the lease. Run again.',
      retryable: true,
    });
  }
  if (result.outcome === 'loaded') source.rows = addRows(source.rows, result.applied.rows);
  source.loads += 1;
  await release(source, manifest.next?.cursor ?? null);
}

// --- internal ---

/** Tells the source what it need not keep any longer. */
async function release({ stream, context, connection, shape }: StreamRun, cursor: Cursor | null): Promise<void> {
  if (cursor === null || stream.mode === 'window') return;
  try {
    await stream.release?.(context, cursor);
  } catch (error) {
    throw readError(error, connection, streamLabel(shape));
  }
}
