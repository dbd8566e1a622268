/**
 * `revops test`: runs the unit cases of models, once or whenever a file changes.
 */
import { RevopsError } from '../errors.ts';
import type { CaseResult } from '../model/unit/index.ts';
import type { Project } from '../project/load.ts';
import type { EngineName } from '../warehouse/types.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { openProject } from './session.ts';
import { annotationsOf } from './test-annotations.ts';
import { openCaseEngines } from './test-engine.ts';
import { renderModel, renderResult, renderSummary } from './test-report.ts';
import { runCases, type RunOptions, type TestRun } from './test-run.ts';

export async function testCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  if (options['watch'] === true && context.globals.json)
    throw new RevopsError('USAGE', '--watch runs until it is stopped, --json gives one document: choose one');
  const project = await openProject(context);
  const engine: EngineName = options['warehouse'] === 'postgres' ? 'postgres' : 'duckdb';
  const warehouses = await openCaseEngines(project, engine, context.now);
  try {
    const isWatching = options['watch'] === true;
    const settings = {
      warehouses,
      engine,
      words,
      options,
      ...(isWatching ? { known: new Map<string, string>() } : {}),
    };
    const once = (): Promise<TestRun> => runAndTell(context, project, settings);
    if (!isWatching) endOn(await once());
    else await (await import('./test-watch.ts')).watchCases(context, project, once);
  } finally {
    for (const one of warehouses) await one.close();
  }
}

// --- internal ---

/** Runs what is selected, and in a watch what changed since the last time; tells people and machines. */
async function runAndTell(
  context: CommandContext,
  project: Project,
  settings: Omit<RunOptions, 'onModel'>,
): Promise<TestRun> {
  const { terminal, globals, cwd } = context;
  const { options, engine } = settings;
  const run = await runCases(context, project, {
    ...settings,
    onModel: (model, results, width) => {
      if (!globals.json) terminal.print(renderModel(model, results, width));
    },
  });
  const bad = run.results.filter(({ status }) => status === 'failed' || status === 'invalid');
  if (globals.json) terminal.printJson({ engine, milliseconds: run.milliseconds, cases: run.results });
  else {
    for (const result of bad) terminal.print(`\n${renderResult(result, cwd)}`);
    if (run.results.length > 0) terminal.print(`\n${renderSummary(run.results, { ...run, engine })}`);
    if (run.without.length > 0) terminal.print(`Without a case: ${run.without.join(', ')}.`);
  }
  if (run.results.length === 0 && run.unchanged === 0) terminal.warn('no case is selected: nothing was tested');
  if (typeof options['junit'] === 'string') {
    const { writeJunit } = await import('./test-junit.ts');
    await writeJunit(options['junit'], run.results, cwd);
  }
  if (options['annotations'] === true || process.env['GITHUB_ACTIONS'] === 'true')
    for (const line of annotationsOf(bad, process.env['GITHUB_WORKSPACE'] ?? cwd)) terminal.log(line);
  return run;
}

function endOn({ results }: { results: readonly CaseResult[] }): void {
  const numberOf = (status: CaseResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const [failed, invalid] = [numberOf('failed'), numberOf('invalid')];
  if (invalid > 0) {
    throw new RevopsError(
      'CASE_INVALID',
      `${plural(invalid, 'case')} of ${results.length} cannot be read${failed > 0 ? `, and ${failed} failed` : ''}`,
      {
        hint: 'How cases are written: docs/testing.md.',
      },
    );
  }
  if (failed > 0) {
    throw new RevopsError('CASES_FAILED', `${plural(failed, 'case')} of ${results.length} failed`, {
      hint: 'Correct the model or the case; `revops test --watch` runs what a change affects.',
    });
  }
}
