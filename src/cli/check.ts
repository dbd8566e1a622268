/**
 * `revops check`: what the checks find in the data that is shown.
 */
import { RevopsError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { compileModels } from '../project/overlay.ts';
import { BUILD_AGE, checksOf, judge, type Check, type Judged, type Judgement } from '../quality/index.ts';
import { stateVersion } from '../warehouse/state/index.ts';
import { renderJudgement } from './check-report.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { openProject, withReader } from './session.ts';
import { untrusted } from './trust.ts';

export async function checkCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const project = await openProject(context);
  const { project: models } = await compileModels(project);
  const all = checksOf(models);
  const checks = chosen(all, words);
  const judgement = await withReader(context, project, async (session) => {
    if ((await stateVersion(session)) === 0)
      throw new RevopsError('USAGE', 'nothing is built yet', { hint: 'Run `revops sync` and `revops build` first.' });
    // whether budgets can be decided on is a matter of all of them, whichever are shown
    return judge(session, { ...project.checks, now: context.now() }, all);
  });
  const asked = ofChosen(judgement, words, checks);
  const unbuilt = checks.map(({ name }) => name).filter((name) => !judgement.asked.includes(name));
  const built = checks.filter(({ name }) => !unbuilt.includes(name));
  if (context.globals.json) {
    const { trust, because, findings } = asked;
    context.terminal.printJson({ trust, because, findings, checks: built.map(({ name }) => name), unbuilt });
  } else context.terminal.print(renderJudgement(asked, { built, unbuilt }, context.terminal.width));
  if (words.length === 0 && asked.trust === 'unchecked') throw untrusted(asked, 'the numbers are');
  const failed = asked.findings.filter((finding) => isFailure(finding, options['strict'] === true));
  if (failed.length === 0) return;
  throw new RevopsError('CHECK_FAILED', `${plural(failed.length, 'finding')} of ${namesOf(failed).join(', ')}`, {
    hint: 'What to do stands above. `revops ack <check> --reason "…"` answers for a finding that is right.',
  });
}

/** Names of checks; USAGE with the names there are. */
export function requireChecks(names: readonly string[], checks: readonly Check[]): void {
  requireKnown(names, [BUILD_AGE, ...checks.map(({ name }) => name)]);
}

// --- internal ---

/** By their names, or the tags of several. */
function chosen(checks: readonly Check[], words: readonly string[]): Check[] {
  const tags = new Set(checks.flatMap((check) => check.tags));
  requireKnown(words, [BUILD_AGE, ...checks.map(({ name }) => name), ...tags]);
  return checks.filter(
    ({ name, tags: own }) => words.length === 0 || [name, ...own].some((word) => words.includes(word)),
  );
}

function requireKnown(words: readonly string[], known: readonly string[]): void {
  const unknown = words.find((word) => !known.includes(word));
  if (unknown === undefined) return;
  throw new RevopsError('USAGE', `there is no check ${unknown}${didYouMean(unknown, known)}`, {
    hint: `Checks: ${known.join(', ')}.`,
  });
}

/** Without the age of the build where only other checks are asked for. */
function ofChosen(judgement: Judgement, words: readonly string[], checks: readonly Check[]): Judgement {
  if (words.length === 0) return judgement;
  const asked = new Set([...words, ...checks.map(({ name }) => name)]);
  return { ...judgement, findings: judgement.findings.filter(({ check }) => asked.has(check)) };
}

function isFailure({ severity, ack }: Judged, isStrict: boolean): boolean {
  return ack === null && (isStrict || severity === 'error');
}

function namesOf(findings: readonly Judged[]): string[] {
  return [...new Set(findings.map(({ check }) => check))];
}
