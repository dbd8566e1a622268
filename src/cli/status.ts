/**
 * `revops status`: the five layers, what is green, what blocks, which one binds, and whether a spreadsheet would do.
 */
import { RevopsError } from '../errors.ts';
import { readLock } from '../project/attribution.ts';
import { compileModels } from '../project/overlay.ts';
import {
  checksOf,
  judge,
  layersOf,
  readReadiness,
  readStack,
  type Layer,
  type Readiness,
  type StackMeasure,
} from '../quality/index.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { count, decimal } from './format.ts';
import { openProject, withReader } from './session.ts';
import { renderTable } from './table.ts';
import { trustLines } from './trust.ts';

export async function statusCommand(
  context: CommandContext,
  _words: readonly string[],
  options: Options,
): Promise<void> {
  const project = await openProject(context);
  const checks = checksOf((await compileModels(project)).project);
  const { judgement, readiness, stack } = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['marts.readiness', 'marts.stack_audit']);
    return {
      judgement: await judge(session, { ...project.checks, now: context.now() }, checks),
      readiness: await readReadiness(session),
      stack: await readStack(session),
    };
  });
  const hasLock = (await readLock(project)) !== null;
  const status = layersOf(judgement, readiness, { leastTraced: project.checks.leastIdentified, hasLock });
  const advice = adviceFor(readiness, project.checks.spreadsheetConversions);
  const { terminal, globals } = context;
  const { trust, because } = judgement;
  if (globals.json) terminal.printJson({ trust, because, ...status, advice, readiness, stack });
  else {
    const lines = [
      ...trustLines({ trust, because }),
      renderLayers(status.layers, terminal.width),
      '',
      bindingLine(status.binding),
      ...stackLines(stack),
      ...advice,
    ];
    terminal.print(lines.join('\n'));
  }
  if (options['strict'] !== true || status.binding === null) return;
  throw new RevopsError('CHECK_FAILED', `the layer ${status.binding.layer} does not stand`, {
    hint: `\`revops check ${status.binding.layer}\` says what to do.`,
  });
}

/** What the numbers say of the tools: whether a spreadsheet would do, or why not. */
export function adviceFor(readiness: Readiness, spreadsheetConversions: number): string[] {
  const { monthly_conversions: monthly, spend_channels: channels, median_cycle_days: cycle } = readiness;
  const facts = `${decimal(monthly, 1)} conversions a month, ${channels} ${channels === 1 ? 'channel' : 'channels'} with spend, ${cycle === null ? 'no cycle known' : `half of the customers within ${decimal(cycle, 1)} days`}`;
  if (readiness.would_spreadsheet_do) return [`A spreadsheet would do: ${facts}.`];
  const many = channels > 2 ? ' More than two channels feed one pipeline: attribute before you compare them.' : '';
  const few = monthly < spreadsheetConversions ? ' Few conversions: expect wide intervals.' : '';
  return [`A warehouse is worth it: ${facts}.${many}${few}`];
}

/** What is wrong with the systems, a line per measure. */
export function stackLines(stack: readonly StackMeasure[]): string[] {
  const bad = stack.filter(({ is_bad: isBad }) => isBad);
  return [...Map.groupBy(bad, ({ measure }) => measure)].map(
    ([measure, found]) => `${MEASURES[measure]}: ${found.map(measureText).join(', ')}.`,
  );
}

// --- internal ---

const MEASURES: Record<StackMeasure['measure'], string> = {
  dead_source: 'Sources that ended',
  duplicate_contacts: 'Contacts that are there twice',
  unknown_source: 'Contacts of 90 days whose source nobody knows',
  unused_field: 'Fields that nobody fills',
};

function measureText({ measure, subject, found, out_of: whole }: StackMeasure): string {
  if (found === null) return `${subject} (never loaded)`;
  if (measure === 'dead_source') return `${subject} (${count(Math.floor(found))} hours ago)`;
  if (measure === 'unused_field') return `${subject} (of ${count(whole)})`;
  return `${subject} ${count(found)} of ${count(whole)} (${decimal((100 * found) / whole, 1)} %)`;
}

function renderLayers(layers: readonly Layer[], width: number): string {
  const columns = ['Layer', 'State', 'What'].map((title) => ({ title }));
  const rows = layers.map(({ layer, state, because, checks }) => {
    const looks =
      because.length > 0 ? because.join('; ') : checks.length > 0 ? `see revops check ${checks.join(' ')}` : '';
    return [NAMES[layer], state, state === 'ready' ? 'nothing is in its way; not measured here' : looks];
  });
  return renderTable(columns, rows, width);
}

const NAMES: Record<Layer['layer'], string> = {
  data: '1 data unification',
  pipeline: '2 pipeline definition',
  attribution: '3 attribution',
  forecasting: '4 forecasting loop',
  experimentation: '5 experimentation',
};

function bindingLine(binding: { layer: Layer['layer']; because: string[] } | null): string {
  if (binding === null) return 'No layer binds: the forecasting loop is next.';
  return `Binding constraint: ${NAMES[binding.layer].slice(2)} (${binding.because.join('; ')}).`;
}
