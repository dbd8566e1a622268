/**
 * `revops explain conversion <id>`: what it is, what it rests on, and what each touchpoint of its people got.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext } from './context.ts';
import { renderConversion } from './explain-conversion-report.ts';
import { conversionFacts } from './explain-conversion-rows.ts';
import { conversionMeant } from './known-conversion.ts';
import { openProject, withReader } from './session.ts';

export async function explainConversion(context: CommandContext, words: readonly string[]): Promise<void> {
  const asked = words[0]?.trim() ?? '';
  if (asked === '') {
    throw new RevopsError('USAGE', 'explain conversion needs an id', {
      hint: 'The id of a conversion (customer:hubspot:123), or of its deal or contact.',
    });
  }
  const project = await openProject(context);
  const facts = await withReader(context, project, async (session) => {
    await requireBuilt(session, [
      'core.attribution_credits',
      'core.attribution_restatements',
      'core.conversion_sources',
    ]);
    return conversionFacts(session, await conversionMeant(session, asked));
  });
  if (context.globals.json) return context.terminal.printJson(facts);
  context.terminal.print(renderConversion(facts, context.terminal.width));
}
