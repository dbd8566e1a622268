/**
 * `revops gaps`: days that are not loaded, or not since they became final.
 */
import { findGaps } from '../sync/index.ts';
import { stateVersion } from '../warehouse/state/index.ts';
import type { CommandContext } from './context.ts';
import { plural } from './format.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable } from './table.ts';

export async function gaps(context: CommandContext): Promise<void> {
  const project = await openProject(context);
  const found = await withWarehouse(context, project, { readOnly: true }, async (warehouse) => {
    if ((await stateVersion(warehouse)) === 0) return [];
    return await findGaps({
      session: warehouse,
      connectors: project.connectors,
      start: project.start,
      now: context.now(),
    });
  });
  if (context.globals.json) return context.terminal.printJson(found);
  if (found.length === 0) return context.terminal.print('No gaps.');
  const rows = found.map(({ connector, stream, partition, from, to, reason }) => [
    `${connector}.${stream}`,
    Object.values(partition).join(' '),
    from,
    to,
    reason.replaceAll('_', ' '),
  ]);
  const columns = ['Stream', 'Partition', 'From', 'To', 'Reason'].map((title) => ({ title }));
  context.terminal.print(
    `${renderTable(columns, rows, context.terminal.width)}\n\n${plural(found.length, 'gap')}; the next sync fills them.`,
  );
}
