/**
 * What was handed out as files, and to whom: ids only. A batch is written down before its files are, and found again by
 * the next export where a run was killed in between.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { OutgoingFile } from '../connector/destination.ts';
import { writePrivateFolder } from './private-file.ts';

export interface ExportBatch {
  batchId: string;
  destination: string;
  /** `conversions`, or `audience <name>`. */
  list: string;
  /** Absolute path of the folder with its files. */
  folder: string;
  at: Date;
}

export interface ExportedItem {
  itemId: string;
  change: 'added' | 'removed';
}

/**
 * Ends what killed exports left: a batch whose folder is there is done, since it gets its name once its files are whole; of
 * one without, nothing was handed out, and it is forgotten. Gives the folders of those that were ended.
 */
export async function settleBatches(
  warehouse: Warehouse,
  destination: string,
  isThere: (folder: string) => boolean,
): Promise<string[]> {
  const open = await warehouse.query<{ batch_id: string; folder: string }>(
    ...statement(
      state('export_batches')
        .where({ destination, status: 'writing' })
        .orderBy('begun_at')
        .select('batch_id', 'folder'),
    ),
  );
  const ended: string[] = [];
  for (const { batch_id, folder } of open) {
    if (isThere(folder)) ended.push(folder);
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await (isThere(folder) ? endBatch(warehouse, batch_id) : forgetBatch(warehouse, batch_id));
  }
  return ended;
}

/** Writes a batch down, then its files, then that it is done. */
export async function exportBatch(
  warehouse: Warehouse,
  batch: ExportBatch,
  items: readonly ExportedItem[],
  files: readonly OutgoingFile[],
  onStep: (step: 'recorded' | 'written') => Promise<void> = async () => undefined,
): Promise<void> {
  const { batchId, destination, list, folder, at } = batch;
  await warehouse.transaction(async (session) => {
    const row = { batch_id: batchId, destination, list, folder, status: 'writing', begun_at: at.toISOString() };
    await session.execute(...statement(state('export_batches').insert(row)));
    for (let from = 0; from < items.length; from += ROWS) {
      const rows = items.slice(from, from + ROWS).map(({ itemId, change }) => ({
        ...{ batch_id: batchId, destination, list, item_id: itemId, change, exported_at: at.toISOString() },
      }));
      // oxlint-disable-next-line no-await-in-loop -- one connection
      await session.execute(...statement(state('exported_items').insert(rows)));
    }
  });
  await onStep('recorded');
  try {
    await writePrivateFolder(folder, files);
  } catch (error) {
    await forgetBatch(warehouse, batchId);
    throw error;
  }
  await onStep('written');
  await endBatch(warehouse, batchId);
}

/** Ids that were added and not taken out since, with the time they were added last; none where there is no such table. */
export async function exportedItems(session: Session, destination: string, list: string): Promise<Map<string, string>> {
  const rows = await session.query<{ item_id: string; exported_at: string }>(
    ...statement(
      state('exported_items')
        .where({ destination, list })
        .groupBy('item_id')
        .havingRaw(`sum(case when change = 'added' then 1 else -1 end) > 0`)
        .orderBy('item_id')
        .select('item_id')
        .max({ exported_at: 'exported_at' }),
    ),
  );
  return new Map(rows.map(({ item_id, exported_at }) => [item_id, exported_at]));
}

/** Everybody who is in an audience somewhere, as models read it. */
export async function exportedMembers(session: Session): Promise<Record<string, string>[]> {
  if ((await session.describe({ schema: 'revops', name: 'exported_items' })) === null) return [];
  const rows = await session.query<Record<string, string>>(
    ...statement(
      state('exported_items')
        .whereNot({ list: CONVERSIONS })
        .groupBy('destination', 'list', 'item_id')
        .havingRaw(`sum(case when change = 'added' then 1 else -1 end) > 0`)
        .orderBy(['destination', 'list', 'item_id'])
        .select('destination', 'list', 'item_id')
        .max({ exported_at: 'exported_at' }),
    ),
  );
  return rows.map(({ destination = '', list = '', item_id = '', exported_at = '' }) => ({
    destination,
    audience: list.slice(AUDIENCE.length),
    person_id: item_id,
    exported_at,
  }));
}

export const CONVERSIONS = 'conversions';
export const AUDIENCE = 'audience ';

// --- internal ---

/** Rows of one statement: Postgres takes 65,535 parameters. */
const ROWS = 1_000;

async function endBatch(session: Session, batchId: string): Promise<void> {
  await session.execute(...statement(state('export_batches').where({ batch_id: batchId }).update({ status: 'done' })));
}

async function forgetBatch(warehouse: Warehouse, batchId: string): Promise<void> {
  await warehouse.transaction(async (session) => {
    for (const table of ['exported_items', 'export_batches']) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      await session.execute(...statement(state(table).where({ batch_id: batchId }).delete()));
    }
  });
}
