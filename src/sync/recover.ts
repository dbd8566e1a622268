/**
 * What an earlier run left behind: finished spools are loaded if they still fit, the rest is removed and read again.
 */
import { isRevopsError, type RevopsError } from '../errors.ts';
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
    if (!isRevopsError(error) || isOfTheWarehouse(error)) throw error;
    // Read again it fails alone, if it fails again: the other streams must not wait for it.
    await removeSpool(run.folder, manifest.loadId);
    const message = `what an earlier run had read was dropped and is read again: ${error.message}`;
    run.options.onEvent({ type: 'note', connector: connector.name, stream: stream.name, message });
    return 'outdated';
  }
}

/** Whether the next run may well load the same spool. Any other error of the warehouse is about its content. */
function isOfTheWarehouse({ code, retryable }: RevopsError): boolean {
  if (code === 'WAREHOUSE_FAILED') return retryable;
  return code.startsWith('WAREHOUSE_') || code === 'LEASE_LOST';
}
