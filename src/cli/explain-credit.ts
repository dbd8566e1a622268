/**
 * `revops explain credit <conversion> [touchpoint] [--model]`: the rule, the weights, the amount and the rows behind it.
 */
import { RevopsError } from '../errors.ts';
import { rawRowsOf } from '../model/lineage/index.ts';
import { compileModels } from '../project/overlay.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { renderCredit } from './explain-credit-report.ts';
import { creditFacts } from './explain-credit-rows.ts';
import { conversionMeant } from './known-conversion.ts';
import { readAsOf } from './as-of.ts';
import { openGate } from './gate.ts';
import { openProject, withReader } from './session.ts';
import { readTrust } from './trust.ts';

export async function explainCredit(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const [conversion = '', touchpoint] = words.map((word) => word.trim());
  if (conversion === '') {
    throw new RevopsError('USAGE', 'explain credit needs a conversion', {
      hint: 'Its id (customer:hubspot:123), and the id of a touchpoint or its place in the path.',
    });
  }
  const project = await openProject(context);
  const compiled = await compileModels(project);
  const model = options['model'] as string | undefined;
  const { facts, standing, asOf } = await withReader(context, project, async (session, warehouse) => {
    await requireBuilt(session, [
      'core.attribution_credits',
      'core.attribution_restatements',
      'core.conversion_reversals',
      'core.conversion_sources',
    ]);
    const id = await conversionMeant(session, conversion);
    const spelling = {
      ...session,
      typeName: (type: Parameters<typeof warehouse.typeName>[0]) => warehouse.typeName(type),
    };
    const asked = { conversion: id, touchpoint, model };
    const found = await creditFacts(session, asked, (rows) => rawRowsOf(spelling, compiled, rows));
    return { facts: found, standing: await readTrust(context, project, session), asOf: await readAsOf(session) };
  });
  const gate = await openGate(context, project, standing, options, 'credit');
  const { terminal, globals } = context;
  if (globals.json) terminal.printJson({ as_of: asOf, ...gate.json, ...facts });
  else terminal.print([...gate.lines, renderCredit(facts, project.currency, terminal.width), '', asOf.line].join('\n'));
  gate.close();
}
