/**
 * `revops explain cac --channel <name> --period <period>`: one number of the mart taken apart.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { renderCacParts } from './explain-cac-report.ts';
import { cacFacts } from './explain-cac-rows.ts';
import { parsePeriod } from './period.ts';
import { openProject, withReader } from './session.ts';

export async function explainCac(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const period = options['period'] as string | undefined;
  if (period === undefined) {
    throw new RevopsError('USAGE', 'explain cac needs --period', {
      hint: 'One quarter (2026-Q3), month (2026-09), week (2026-W36) or day; --channel for one channel.',
    });
  }
  const range = parsePeriod(period);
  const project = await openProject(context);
  const facts = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['marts.cac', 'marts.marginal_cac']);
    return cacFacts(session, (options['channel'] as string | undefined) ?? '(all)', range);
  });
  if (context.globals.json) return context.terminal.printJson({ currency: project.currency, ...facts });
  context.terminal.print(renderCacParts(facts, project.currency, context.terminal.width));
}
