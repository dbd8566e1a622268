/**
 * What most commands begin with: the project, its warehouse, the lease.
 */
import { searchPath } from '../model/index.ts';
import { sessionVariables } from '../project/identity.ts';
import { loadProject, type Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import type { Lease, Session, Warehouse } from '../warehouse/contract.ts';
import { openWarehouse } from '../warehouse/index.ts';
import { literal } from '../warehouse/sql.ts';
import { migrateState } from '../warehouse/state/index.ts';
import type { CommandContext } from './context.ts';

export function openProject(context: CommandContext): Promise<Project> {
  return loadProject(context.cwd, context.globals.config);
}

/** Opens the project's warehouse, does the work, closes it. */
export async function withWarehouse<T>(
  context: CommandContext,
  project: Project,
  options: { readOnly: boolean },
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const { warehouse: config } = project;
  if (config.type === 'postgres') requireSecret(config.url, 'warehouse.url');
  const warehouse = await openWarehouse(config, {
    ...options,
    ...sessionVariables(project),
    lockTimeoutMs: context.globals.lockTimeoutMs,
  });
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/**
 * Reads as people do: bare names mean the published relations, nothing can be written. WAREHOUSE_FAILED says so where the
 * models are others than those that were built.
 */
export function withReader<T>(
  context: CommandContext,
  project: Project,
  read: (session: Session, warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  return withWarehouse(context, project, { readOnly: true }, (warehouse) =>
    warehouse
      .transaction(async (session) => {
        const path = (await searchPath(session)).join(',');
        if (path !== '')
          await session.execute(
            session.engine === 'duckdb' ? `set search_path = ${literal(path)}` : `set local search_path = ${path}`,
          );
        return await read(session, warehouse);
      })
      .catch(async (error: unknown) => {
        const { explainOutdated } = await import('./outdated.ts');
        throw await explainOutdated(project, warehouse, error);
      }),
  );
}

/** Opens it for writing, with the lease: one writing run per warehouse; and with the engine's state brought to this version. */
export function withLease<T>(
  context: CommandContext,
  project: Project,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  return withWarehouse(context, project, { readOnly: false }, async (warehouse) => {
    const lease = await warehouse.lease(`revops ${context.command}`, context.globals.lockTimeoutMs);
    try {
      const held = whileHeld(warehouse, lease);
      await migrateState(held, context.now);
      return await work(held);
    } finally {
      await lease.release();
    }
  });
}

/** The warehouse, committing only while the lease is held: another run may have begun where it was lost. */
export function whileHeld(warehouse: Warehouse, lease: Pick<Lease, 'assertHeld'>): Warehouse {
  return {
    ...warehouse,
    transaction: (work) =>
      warehouse.transaction(async (session) => {
        const result = await work(session);
        lease.assertHeld();
        return result;
      }),
  };
}
