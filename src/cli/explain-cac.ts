/**
 * `revops explain cac --channel <name> --period <period>`: one number of the mart taken apart.
 */
import { RevopsError } from '../errors.ts';
import { requireBuilt } from './built.ts';
import { alignmentLines, alignmentOf } from './cac-alignment.ts';
import { channelNamed } from './cac-channel.ts';
import type { CommandContext, Options } from './context.ts';
import { renderCacParts } from './explain-cac-report.ts';
import { cacFacts } from './explain-cac-rows.ts';
import { parsePeriod } from './period.ts';
import { readAsOf } from './as-of.ts';
import { openGate } from './gate.ts';
import { openProject, withReader } from './session.ts';
import { readTrust } from './trust.ts';

export async function explainCac(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const period = options['period'] as string | undefined;
  if (period === undefined) {
    throw new RevopsError('USAGE', 'explain cac needs --period', {
      hint: 'One quarter (2026-Q3), month (2026-09), week (2026-W36) or day; --channel for one channel.',
    });
  }
  const range = parsePeriod(period);
  const project = await openProject(context);
  const { facts, standing, asOf, alignment } = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['marts.cac', 'marts.marginal_cac']);
    const channel = await channelNamed(session, (options['channel'] as string | undefined) ?? '(all)');
    const found = await cacFacts(session, channel, range);
    return {
      facts: found,
      alignment: await alignmentOf(session, channel, [found.cac, found.marginal_cac]),
      standing: await readTrust(context, project, session),
      asOf: await readAsOf(session),
    };
  });
  const gate = await openGate(context, project, standing, options, 'cac');
  const { terminal, globals } = context;
  const lines = alignment === null ? [] : alignmentLines(alignment);
  if (globals.json) terminal.printJson({ as_of: asOf, ...gate.json, currency: project.currency, ...facts, alignment });
  else {
    const parts = renderCacParts(facts, project.currency, terminal.width, lines);
    terminal.print([...gate.lines, parts, '', asOf.line].join('\n'));
  }
  gate.close();
}
