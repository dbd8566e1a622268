/**
 * A partition of days: the slices that are missing or not final are read and replaced one by one.
 */
import type { DayWindowStream, Partition } from '../connector/contract.ts';
import { isRevopsError, type RevopsError } from '../errors.ts';
import { partitionKey, sliceLabel, type Manifest } from './manifest.ts';
import { readWindow } from './read-window.ts';
import type { StreamRun } from './run.ts';
import { checkPartition } from './shape.ts';
import { windowSlices } from './slices.ts';
import { removeSpool, writeManifest } from './spool-folder.ts';
import { knownDays, readState, writePartition } from './state.ts';
import { throwIfOver } from './stop.ts';
import { loadOne } from './sync-changes.ts';

/** Reads and loads the days that need it. A slice that is refused leaves the others; its error is thrown at the end. */
export async function syncWindow(source: StreamRun, partition: Partition): Promise<void> {
  const { run, shape } = source;
  const { connector, stream } = shape;
  checkPartition(shape, partition, 'Days are replaced by partition and day, so both have to be columns.');
  const key = partitionKey(partition.key);
  const { options } = run;
  const { warehouse, start } = options;
  const { state, known } = await run.load(async () => ({
    state: await readState(warehouse, shape, key),
    known: await knownDays(warehouse, shape, key),
  }));
  const declared = source.stream as DayWindowStream<unknown>;
  const plan = {
    timeZone: partition.timeZone ?? 'UTC',
    restates: partition.restates ?? declared.restates,
    start,
    earliest: partition.earliest,
    latest: partition.latest,
    now: options.now(),
    known,
  };
  const slices = windowSlices(plan, declared.sliceDays);
  // A load notes the partition; without one it is noted here, so that its days count as gaps even if none can be read.
  if (state.revision === 0 || slices.length === 0) {
    const at = options.now().toISOString();
    await run.load(() =>
      warehouse.transaction((session) => writePartition(session, shape, partition, declared.restates, start, at)),
    );
  }
  options.onEvent({ type: 'stream_started', connector, stream, slices: slices.length });

  let revision = state.revision;
  let refused: RevopsError | undefined;
  async function loadNext(manifest: Manifest): Promise<void> {
    try {
      await loadInTurn(manifest);
    } catch (error) {
      if (!isRevopsError(error) || !REFUSALS.has(error.code)) throw error;
      refused ??= error;
    }
  }

  async function loadInTurn(manifest: Manifest): Promise<void> {
    // The slice before it was refused, so it rests on the state that one rested on.
    const current = manifest.revision === revision ? manifest : { ...manifest, revision };
    if (current !== manifest) await writeManifest(run.folder, current);
    try {
      await loadOne(source, current);
      revision += 1;
    } catch (error) {
      if (!isRevopsError(error, 'CONTROL_TOTAL')) throw error;
      // Platforms move while they are read: once more.
      options.onEvent({ type: 'slice_retried', connector, stream, slice: sliceLabel(manifest), attempt: 1, error });
      const { slice } = manifest;
      if (slice.kind !== 'window') throw error;
      for await (const again of readWindow(source, partition, slice, revision)) {
        await loadOne(source, again);
        revision += 1;
      }
    }
  }

  let loading: Promise<void> = Promise.resolve();
  let ahead = revision;
  try {
    for (const slice of slices) {
      throwIfOver(source);
      for await (const manifest of readWindow(source, partition, slice, ahead)) {
        ahead += 1;
        try {
          await loading;
        } catch (error) {
          await removeSpool(run.folder, manifest.loadId);
          throw error;
        }
        loading = loadNext(manifest);
        loading.catch(() => undefined);
      }
    }
  } finally {
    await loading;
  }
  if (refused !== undefined) throw refused;
}

// --- internal ---

const REFUSALS: ReadonlySet<string> = new Set(['SHRINK_REFUSED', 'CONTROL_TOTAL']);
