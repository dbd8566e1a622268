/**
 * What a ledger's rows would be by now: each difference written down once, when it first shows, with its cause.
 */
import { identifiers, qualified } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import type { BuildWork } from '../build/build-work.ts';
import { causeOf } from '../changes/cause.ts';
import { restatementsName } from '../compile/companions.ts';
import { rowsOfKeys, type KeyTable } from '../build/key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import { FROZEN_BY, type LedgerColumn } from './ledger-store.ts';
import { appendToLog, ensureLog } from '../store/log.ts';
import type { ModelRelation } from '../relation.ts';
import { lastRestatements, restatedRows } from './restated-rows.ts';
import { ledgerColumns } from './restatement-columns.ts';
import { keptName, STORE, workName } from '../store/store.ts';
import { tableSelect } from '../build/table-state.ts';
import { makeWorkTable } from '../build/work-table.ts';

/**
 * Compares rows of frozen keys, as they are computed now (`known`), with what the ledger and its restatements last said of
 * them. What differs becomes rows of the restatements. `touched`: only these keys were computed; null: all.
 */
export async function noteRestatements(
  work: BuildWork,
  relation: ModelRelation,
  given: { stored: readonly LedgerColumn[]; known: string; touched: KeyTable | null },
): Promise<void> {
  const { warehouse, now } = work.options;
  const { name, model } = relation;
  const log = await ensureLog(work, restatementsName(name));
  const names = keyColumns(relation).map((column) => column.name);
  const ofTouched = (select: string, columns: readonly Column[]): string =>
    given.touched === null ? select : rowsOfKeys(warehouse, select, columns, given.touched, names);
  const store = async (kind: string, select: string): Promise<{ table: string; rows: number }> => {
    const place = workName(log.name, work.buildId, kind);
    const rows = await makeWorkTable(warehouse, place, select);
    return { table: qualified({ schema: STORE, name: place }), rows };
  };

  const { ids, values, stamps } = ledgerColumns(model);
  const compared = identifiers([...ids, ...values].map((column) => column.name));
  const noted: Column[] = [...ids, ...values, ...stamps];
  const outputs = identifiers(noted.map((column) => column.name));
  const stored: Column[] = [...noted, { name: FROZEN_BY, type: 'bigint' }];
  const ledger = `select ${identifiers(stored.map((column) => column.name))} from ${qualified({ schema: STORE, name: keptName(name) })}`;
  const frozen = await store('frozen', ofTouched(ledger, stored));
  const known = await store('known', `select ${outputs}, true as is_there from (${given.known}\n) as known`);
  const restated = ofTouched(tableSelect(log, keptName(log.name)), log.columns);
  const last = await store('last', lastRestatements(ids, restated));

  const id = identifiers(ids.map((column) => column.name));
  const except = (one: string, other: string): string =>
    `select ${id} from (select ${compared} from ${one} except all select ${compared} from ${other}) as differing`;
  const suspects = await store(
    'suspects',
    `${except(frozen.table, known.table)} union ${except(known.table, frozen.table)} union select ${id} from ${last.table}`,
  );
  if (suspects.rows === 0) return;
  const tables = { suspects: suspects.table, frozen: frozen.table, known: known.table, last: last.table };
  const said = { ...causeOf(work, relation), build_id: work.buildId, noted_at: now().toISOString() };
  await appendToLog(work, log, restatedRows(warehouse, model, given.stored, tables, said));
}
