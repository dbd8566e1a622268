/**
 * Brings the state schema to this program's version.
 */
import { randomUUID } from 'node:crypto';

import { RevopsError } from '../../errors.ts';
import type { Session, Warehouse } from '../contract.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Migration } from './migrations.ts';
import { becomeStateOwner } from './owner.ts';
import { STATE_SCHEMA, builder, state, statement } from './statement.ts';

/**
 * Applies the missing migrations in one transaction; does nothing when there is none. Call it under the lease. Throws
 * WAREHOUSE_FAILED when a newer program has been here.
 */
export async function migrateState(
  warehouse: Warehouse,
  now: () => Date,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<{ from: number; to: number }> {
  const from = await stateVersion(warehouse);
  const to = Math.max(...migrations.map((migration) => migration.version));
  if (from > to) {
    throw new RevopsError(
      'WAREHOUSE_FAILED',
      `${warehouse.location} has state of version ${from}; this revops knows up to ${to}`,
      {
        hint: 'A newer revops has been used on this warehouse. Install that version.',
      },
    );
  }
  if (from === to) return { from, to };
  await warehouse.transaction(async (session) => {
    if (session.engine === 'postgres') await session.query(becomeStateOwner('transaction'));
    if (from === 0) await prepare(session);
    const missing = migrations.filter(({ version }) => version > from);
    for (const migration of missing) await apply(session, migration);
    const applied = missing.map(({ version, description }) => ({
      version,
      description,
      applied_at: now().toISOString(),
    }));
    await session.execute(...statement(state('migrations').insert(applied)));
  });
  return { from, to };
}

/** The version of the state schema; 0 where there is none. */
export async function stateVersion(session: Session): Promise<number> {
  if ((await session.describe({ schema: STATE_SCHEMA, name: 'migrations' })) === null) return 0;
  const [row] = await session.query<{ version: number | null }>(
    ...statement(state('migrations').max({ version: 'version' })),
  );
  return row?.version ?? 0;
}

/** The identity of this warehouse: made once, with the state. */
export async function warehouseId(session: Session): Promise<string> {
  const [row] = await session.query<{ value: string }>(
    ...statement(state('meta').where({ key: 'warehouse_id' }).select('value')),
  );
  if (row === undefined) throw new RevopsError('INTERNAL', 'the warehouse has no id: its state was not prepared');
  return row.value;
}

// --- internal ---

async function prepare(session: Session): Promise<void> {
  await session.execute(`create schema if not exists ${STATE_SCHEMA}`);
  const schema = builder.schema.withSchema(STATE_SCHEMA).createTable('migrations', (table) => {
    table.integer('version').notNullable();
    table.text('description').notNullable();
    table.timestamp('applied_at', { useTz: true }).notNullable();
  });
  for (const { sql } of schema.toSQL()) await session.execute(sql);
}

async function apply(session: Session, migration: Migration): Promise<void> {
  const schema = builder.schema.withSchema(STATE_SCHEMA);
  migration.change(schema);
  for (const { sql } of schema.toSQL()) await session.execute(sql);
  if (session.engine === 'postgres') {
    for (const [table, columns] of Object.entries(migration.keys)) {
      await session.execute(`create unique index on ${STATE_SCHEMA}.${table} (${columns.join(', ')})`);
    }
  }
  if (migration.version === 1) {
    await session.execute(...statement(state('meta').insert({ key: 'warehouse_id', value: randomUUID() })));
  }
}
