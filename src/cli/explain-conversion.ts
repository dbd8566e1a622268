/**
 * `revops explain conversion <id>`: what it is, what it rests on, and what each touchpoint of its people got.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { renderConversion } from './explain-conversion-report.ts';
import { conversionFacts } from './explain-conversion-rows.ts';
import { conversionMeant } from './known-conversion.ts';
import { readAsOf } from './as-of.ts';
import { openGate } from './gate.ts';
import { openProject, withReader } from './session.ts';
import { readTrust } from './trust.ts';

export async function explainConversion(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const asked = words[0]?.trim() ?? '';
  if (asked === '') {
    throw new RevopsError('USAGE', 'explain conversion needs an id', {
      hint: 'The id of a conversion (customer:hubspot:123), or of its deal or contact.',
    });
  }
  const project = await openProject(context);
  const { facts, standing, asOf } = await withReader(context, project, async (session) => {
    await requireBuilt(session, [
      'core.attribution_credits',
      'core.attribution_restatements',
      'core.conversion_reversals',
      'core.conversion_sources',
    ]);
    const found = await conversionFacts(session, await conversionMeant(session, asked));
    return { facts: found, standing: await readTrust(context, project, session), asOf: await readAsOf(session) };
  });
  const gate = await openGate(context, project, standing, options, 'conversion');
  const { terminal, globals } = context;
  if (globals.json) terminal.printJson({ as_of: asOf, ...gate.json, ...facts });
  else terminal.print([...gate.lines, renderConversion(facts, terminal.width), '', asOf.line].join('\n'));
  gate.close();
}
