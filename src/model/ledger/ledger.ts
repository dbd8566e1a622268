/**
 * A ledger: rows are computed like any model's, but only those of keys that it does not have are put in. What the others
 * would be by now goes to its restatements.
 */
import { RevopsError } from '../../errors.ts';
import { identifier, identifiers, qualified } from '../../warehouse/sql.ts';
import { castTo } from '../build/bind.ts';
import type { BuildWork } from '../build/build-work.ts';
import { DELTA, storeAdded } from '../build/delta-table.ts';
import { rowsOfKeys, type KeyTable } from '../build/key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import { digestsOf, recordDigests } from './ledger-digest.ts';
import { FROZEN_BY, PERIOD, prepareLedger, recordLedgerColumns } from './ledger-store.ts';
import type { ModelRelation } from '../relation.ts';
import { ledgerColumns } from './restatement-columns.ts';
import { noteRestatements } from './restatements.ts';
import { keptName, STORE, workName } from '../store/store.ts';
import { tableSelect, type UpdatedTable } from '../build/table-state.ts';
import type { TouchedKeys } from '../build/rows-that-came.ts';
import { keepChangedKeys } from '../build/touched-by.ts';
import { definitionOfKeys } from '../build/touched-keys.ts';
import type { Update } from '../build/update.ts';
import { countRows, makeWorkTable } from '../build/work-table.ts';

/**
 * Computes what a build puts into a ledger, and its restatements: for some keys, or for all. Throws MODEL_INVALID where its
 * columns are no longer what was frozen.
 */
export async function extendLedger(
  work: BuildWork,
  relation: ModelRelation,
  touched: TouchedKeys | null,
): Promise<Extract<Update, { kind: 'updated' }>> {
  const { options, selects, buildId } = work;
  const { warehouse, onStep } = options;
  const { name, columns } = relation;
  const build = Number(buildId.slice(1));
  const stored = await prepareLedger(warehouse, relation, build);
  const keys = keyColumns(relation);
  const names = keys.map((column) => column.name);
  const place = (kind: string): string => workName(name, buildId, kind);
  const ledger: KeyTable = { table: qualified({ schema: STORE, name: keptName(name) }), columns: keys };

  const definition = touched === null ? selects.definition(relation) : definitionOfKeys(work, relation, touched);
  const fresh = place('fresh');
  const frozen = await countRows(warehouse, tableSelect(relation, keptName(name)));
  const { unknown, known } = frozen === 0 ? allUnknown() : await apart();
  const outputs = identifiers(columns.map((column) => column.name));
  const hidden = `cast(${build} as bigint) as ${identifier(FROZEN_BY)}, ${periodOf(relation)} as ${identifier(PERIOD)}`;
  const written = await makeWorkTable(
    warehouse,
    fresh,
    `select ${outputs}, ${hidden} from (${unknown}\n) as unknown_keys`,
  );
  if (touched !== null) await keepChangedKeys(work, relation, touched, [tableSelect(relation, fresh)]);
  await onStep?.(`computed ${name}`);
  await refuseTwins(work, relation, known);
  await noteRestatements(work, relation, { stored, known, touched });
  // columns that the model no longer has are as empty in these rows as they will be in the ledger
  const gone = stored
    .filter((column) => !columns.some((own) => own.name === column.name))
    .map((column) => `, ${castTo(warehouse, 'null', column.type)} as ${identifier(column.name)}`);
  const freezing = `select *${gone.join('')} from ${qualified({ schema: STORE, name: fresh })}`;
  const digests = await digestsOf(warehouse, stored, freezing);
  const state: UpdatedTable = {
    kind: 'updated',
    changed: null,
    fresh,
    hidden: [FROZEN_BY, PERIOD],
    delta: await storeAdded(warehouse, relation, tableSelect(relation, fresh), place(DELTA)),
    record: async (session) => {
      await recordLedgerColumns(session, name, stored, build);
      await recordDigests(session, name, digests);
    },
  };
  return { kind: 'updated', state, rows: frozen + written, read: written, written, removed: 0 };

  /** Of a ledger without rows nothing is known: what is computed is written once, where it is needed. */
  function allUnknown(): { unknown: string; known: string } {
    return { unknown: definition, known: `${tableSelect(relation, fresh)} where false` };
  }

  /** The rows computed now of keys that the ledger does not have, and of those that it has. */
  async function apart(): Promise<{ unknown: string; known: string }> {
    await makeWorkTable(warehouse, place('computed'), definition);
    const computed = tableSelect(relation, place('computed'));
    return {
      unknown: rowsOfKeys(warehouse, computed, columns, ledger, names, false),
      known: rowsOfKeys(warehouse, computed, columns, ledger, names),
    };
  }
}

// --- internal ---

/** `2026-03` of the header's period, in UTC. */
function periodOf({ model, columns }: ModelRelation): string {
  const period = columns.find((column) => column.name === model.ledger?.period);
  if (period === undefined) return 'cast(null as text)';
  const name = identifier(period.name);
  const day = period.type === 'date' ? name : `cast(${name} at time zone 'UTC' as date)`;
  return `substr(cast(${day} as text), 1, 7)`;
}

/** Rows that nothing tells apart cannot be compared with those that were frozen. */
async function refuseTwins({ options }: BuildWork, relation: ModelRelation, known: string): Promise<void> {
  const ids = identifiers(ledgerColumns(relation.model).ids.map((column) => column.name));
  const [twin] = await options.warehouse.query(
    `select count(*) as rows from (${known}\n) as known group by ${ids} having count(*) > 1 limit 1`,
  );
  if (twin === undefined) return;
  throw new RevopsError(
    'BUILD_FAILED',
    `${relation.file}: the ledger ${relation.name} gives several rows with the same ${ids.replaceAll('"', '')}`,
    { hint: 'Its grain must identify a row. Nothing was published; readers keep the last good state.' },
  );
}
