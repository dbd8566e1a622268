/**
 * A finished spool into the warehouse: one transaction for rows, position, days, rejects and audit. Then the spool goes.
 */
import { isRevopsError } from '../errors.ts';
import type { Stream } from '../connector/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { applySpool, type Applied } from './apply.ts';
import { partitionKey, sliceLabel, type Manifest } from './manifest.ts';
import { storeRejected } from './rejected.ts';
import type { Run } from './run.ts';
import { streamLabel, type StreamShape } from './shape.ts';
import { addDays } from './days.ts';
import { removeSpool } from './spool-folder.ts';
import { isLoaded, readState, writeDays, writeLoad, writePartition, writeState } from './state.ts';

/** What became of a spool. `outdated`: the warehouse has moved on since it was read; it was dropped unread. */
export type LoadOutcome =
  | { outcome: 'loaded'; applied: Applied }
  | { outcome: 'already_loaded' }
  | { outcome: 'outdated' };

/**
 * Loads a spool exactly once, whatever happened before, and removes it. Where the warehouse fails the spool stays for
 * the next run; where its content is refused (SHRINK_REFUSED, CONTROL_TOTAL, …) it goes, to be read again.
 */
export async function loadSpool(
  run: Run,
  shape: StreamShape,
  stream: Stream<never>,
  manifest: Manifest,
): Promise<LoadOutcome> {
  const { options } = run;
  let outcome: LoadOutcome;
  try {
    outcome = await run.load(() =>
      run.options.warehouse.transaction(async (session) => {
        await options.onStep?.('load_begun', streamLabel(manifest));
        if (await isLoaded(session, manifest.loadId)) return { outcome: 'already_loaded' } as const;
        if (!(await isCurrent(session, run, shape, manifest))) return { outcome: 'outdated' } as const;
        return { outcome: 'loaded', applied: await loadInto(session, run, shape, stream, manifest) } as const;
      }),
    );
  } catch (error) {
    if (isRevopsError(error) && CONTENT_ERRORS.has(error.code)) await removeSpool(run.folder, manifest.loadId);
    throw error;
  }
  await options.onStep?.('load_committed', streamLabel(manifest));
  await removeSpool(run.folder, manifest.loadId);
  await options.onStep?.('spool_removed', streamLabel(manifest));
  if (outcome.outcome === 'loaded') tell(run, stream, manifest, outcome.applied);
  return outcome;
}

// --- internal ---

const CONTENT_ERRORS: ReadonlySet<string> = new Set([
  'SHRINK_REFUSED',
  'CONTROL_TOTAL',
  'STREAM_CONTRACT',
  'REQUEST_REJECTED',
  'SCHEMA_DRIFT',
  'SPOOL_FAILED',
]);

async function isCurrent(session: Session, run: Run, shape: StreamShape, manifest: Manifest): Promise<boolean> {
  const state = await readState(session, shape, partitionKey(manifest.partition.key));
  return (
    manifest.warehouse === run.warehouseId && manifest.digest === shape.digest && manifest.revision === state.revision
  );
}

async function loadInto(
  session: Session,
  run: Run,
  shape: StreamShape,
  stream: Stream<never>,
  manifest: Manifest,
): Promise<Applied> {
  const { options, folder } = run;
  const at = options.now().toISOString();
  const window = stream.mode === 'window' ? stream : null;
  const applied = await applySpool({
    warehouse: options.warehouse,
    session,
    shape,
    manifest,
    spoolFolder: folder,
    at,
    shrinkLimit: window?.shrinkLimit ?? 0.5,
    allowShrink: options.allowShrink ?? false,
  });
  await options.onStep?.('rows_applied', streamLabel(manifest));
  await storeRejected(session, manifest);
  await writeState(session, shape, manifest, at);
  await writePartition(session, shape, manifest.partition, window?.restates ?? null, options.start, manifest.readAt);
  if (manifest.slice.kind === 'window') {
    const days: { day: string; rows: number }[] = [];
    for (let day = manifest.slice.from; day <= manifest.slice.to; day = addDays(day, 1)) {
      days.push({ day, rows: applied.days.get(day) ?? 0 });
    }
    await writeDays(session, shape, manifest, days);
  }
  await writeLoad(session, shape, manifest, applied.rows, sliceLabel(manifest), at);
  await options.onStep?.('state_written', streamLabel(manifest));
  return applied;
}

function tell(run: Run, source: Stream<never>, manifest: Manifest, applied: Applied): void {
  const { connector, stream, loadId } = manifest;
  run.options.onEvent({ type: 'loaded', connector, stream, loadId, rows: applied.rows, slice: sliceLabel(manifest) });
  if (applied.contradicting === 0 || (source.mode === 'append' && source.repeats === true)) return;
  const message = `${streamLabel(manifest)}: ${applied.contradicting} rows came again with other content; the first was kept`;
  run.options.onEvent({ type: 'drift', connector, stream, fields: [], message });
}
