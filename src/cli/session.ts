/**
 * What most commands begin with: the project, its warehouse, the lease.
 */
import { loadProject, type Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import { openWarehouse } from '../warehouse/index.ts';
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
  const warehouse = await openWarehouse(config, { ...options, lockTimeoutMs: context.globals.lockTimeoutMs });
  try {
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** The same with the lease, one writing run per warehouse, and with the engine's state brought to this version. */
export function withLease<T>(
  context: CommandContext,
  project: Project,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  return withWarehouse(context, project, { readOnly: false }, async (warehouse) => {
    const lease = await warehouse.lease(`revops ${context.command}`, context.globals.lockTimeoutMs);
    try {
      await migrateState(warehouse, context.now);
      return await work(warehouse);
    } finally {
      await lease.release();
    }
  });
}
