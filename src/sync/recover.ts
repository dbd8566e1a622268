/**
 * What an earlier run left behind: finished spools are loaded if they still fit, the rest is removed and read again.
 */
import { isRevopsError } from '../errors.ts';
import { loadSpool } from './load.ts';
import type { Manifest } from './manifest.ts';
import { ensureRawTables } from './raw-table.ts';
import type { Run } from './run.ts';
import { shapeOf } from './shape.ts';
import { finishedSpools, removeSpool } from './spool-folder.ts';

/** Finishes or drops every spool of this warehouse. */
export async function recoverSpools(run: Run): Promise<void> {
  for (const manifest of await finishedSpools(run.folder)) {
    const { connector, stream, loadId } = manifest;
    const outcome = await recover(run, manifest);
    run.options.onEvent({ type: 'recovered', connector, stream, loadId, outcome });
  }
}

// --- internal ---

async function recover(run: Run, manifest: Manifest): Promise<'loaded' | 'already_loaded' | 'outdated'> {
  const connector = run.options.connectors.find(({ name }) => name === manifest.connector);
  const stream = connector?.streams.find(({ name }) => name === manifest.stream);
  if (connector === undefined || stream === undefined) {
    await removeSpool(run.folder, manifest.loadId);
    return 'outdated';
  }
  try {
    const shape = shapeOf(connector.name, stream);
    await ensureRawTables(run.options.warehouse, shape);
    return (await loadSpool(run, shape, stream, manifest)).outcome;
  } catch (error) {
    // A warehouse that fails keeps the spool for the next run; a content that is refused is read again.
    if (!isRevopsError(error) || error.code.startsWith('WAREHOUSE_') || error.code === 'LEASE_LOST') throw error;
    await removeSpool(run.folder, manifest.loadId);
    return 'outdated';
  }
}
