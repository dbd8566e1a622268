/**
 * `revops trace deal <id>`: touch → person → deal → revenue → renewal in order of time, and which link is missing.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext } from './context.ts';
import { dealMeant } from './known-deal.ts';
import { openProject, withReader } from './session.ts';
import { renderTrace } from './trace-report.ts';
import { traceOfDeal } from './trace-rows.ts';

export async function traceCommand(context: CommandContext, [subject = '', id = '']: readonly string[]): Promise<void> {
  if (subject !== 'deal') {
    throw new RevopsError('USAGE', `there is nothing to trace called ${JSON.stringify(subject)}`, {
      hint: 'There is: deal.',
    });
  }
  const project = await openProject(context);
  const trace = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['core.attribution_credits', 'core.conversion_sources', 'core.invoices']);
    return traceOfDeal(session, await dealMeant(session, id.trim()));
  });
  if (context.globals.json) return context.terminal.printJson(trace);
  context.terminal.print(renderTrace(trace, project.currency, context.terminal.width));
}
