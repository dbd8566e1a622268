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
import { openProject, withReader } from './session.ts';
import { readTrust, requireTrust, trustLines } from './trust.ts';

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
  const { facts, trust } = await withReader(context, project, async (session, warehouse) => {
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
    return { facts: found, trust: await readTrust(context, project, session) };
  });
  const { terminal, globals } = context;
  if (globals.json) terminal.printJson({ ...trust, ...facts });
  else terminal.print([...trustLines(trust), renderCredit(facts, project.currency, terminal.width)].join('\n'));
  requireTrust(trust, options['strict'] === true);
}
