/**
 * One run of the selected cases.
 */
import { selectRelations } from '../model/index.ts';
import type { CompiledProject } from '../model/relation.ts';
import {
  caseFingerprint,
  caseLabel,
  readCases,
  runCase,
  type CaseResult,
  type CaseWarehouse,
  type UnitCase,
} from '../model/unit/index.ts';
import { caseFolders } from '../project/case-folders.ts';
import type { Project } from '../project/load.ts';
import { compileModels, replacedLists } from '../project/overlay.ts';
import type { EngineName } from '../warehouse/types.ts';
import type { CommandContext, Options } from './context.ts';
import { selectionOf } from './selection.ts';

export interface TestRun {
  /** Of the cases that ran. */
  results: CaseResult[];
  /** Cases that did not run because nothing they follow from changed. */
  unchanged: number;
  /** The project's own models without any case; none where only some models are selected. */
  without: string[];
  milliseconds: number;
}

export interface RunOptions {
  /** Cases run at the same time on all of them. */
  warehouses: readonly CaseWarehouse[];
  engine: EngineName;
  words: readonly string[];
  options: Options;
  /** Fingerprints of the cases that passed before, by label: those are left out, and the new ones put in. */
  known?: Map<string, string>;
  /** Called when all cases of a model have run; `width` is that of the longest name. */
  onModel(model: string, results: readonly CaseResult[], width: number): void;
}

/** Compiles the project and runs its cases, model by model. Throws what compiling throws, and CANCELLED. */
export async function runCases(context: CommandContext, project: Project, run: RunOptions): Promise<TestRun> {
  const { engine, known } = run;
  const start = performance.now();
  const compiled = await compileModels(project, engine);
  // a packaged case is about the packaged lists: rates or rules of the project's own would change what it expects
  const lists = await replacedLists(project, compiled);
  const all = await readCases(caseFolders(project).map((one) => (one.origin === 'revops' ? { ...one, lists } : one)));
  const selected = selectCases(all, compiled, run);
  const changed = selected.filter((unit) => {
    const fingerprint = caseFingerprint(compiled, unit);
    const isKnown = known?.get(caseLabel(unit)) === fingerprint;
    known?.set(caseLabel(unit), fingerprint);
    return !isKnown;
  });
  const results = await runAll(context, compiled, changed, run);
  const tested = new Set(all.map(({ model }) => model));
  const isAll = selected.length === all.length;
  const without = compiled.relations.filter(
    (one) => one.kind === 'model' && one.origin !== 'revops' && !tested.has(one.name),
  );
  return {
    results,
    unchanged: selected.length - changed.length,
    without: isAll ? without.map(({ name }) => name).toSorted() : [],
    milliseconds: performance.now() - start,
  };
}

// --- internal ---

/** Runs the cases on all warehouses at once; gives the results in the order of the cases, model by model. */
async function runAll(
  { signal }: CommandContext,
  compiled: CompiledProject,
  units: readonly UnitCase[],
  { warehouses, known, onModel }: RunOptions,
): Promise<CaseResult[]> {
  const width = Math.max(0, ...units.map(({ model }) => model.length));
  const results: CaseResult[] = [];
  let next = 0;
  let told = 0;
  const tellFinished = (): void => {
    for (let unit = units[told]; unit !== undefined; unit = units[told]) {
      const { model } = unit;
      const of = units.filter((other) => other.model === model);
      const own = results.slice(told, told + of.length).filter((result) => result !== undefined);
      if (own.length < of.length) return;
      onModel(model, own, width);
      told += of.length;
    }
  };
  const work = async ({ warehouse, install }: CaseWarehouse): Promise<void> => {
    await install(compiled);
    for (let at = next++; at < units.length; at = next++) {
      signal.throwIfAborted();
      const unit = units[at];
      if (unit === undefined) continue;
      const result = await runCase(warehouse, compiled, unit);
      // what does not pass is shown until it does
      if (result.status !== 'passed') known?.delete(caseLabel(unit));
      results[at] = result;
      tellFinished();
    }
  };
  const ended = await Promise.allSettled(warehouses.slice(0, Math.max(1, units.length)).map(work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}

/** A case by its label (`deals/when_won`), all others by their model. */
function selectCases(all: readonly UnitCase[], compiled: CompiledProject, { words, options }: RunOptions): UnitCase[] {
  const labels = new Set(all.map(caseLabel));
  const named = new Set(words.filter((word) => labels.has(word)));
  const others = words.filter((word) => !labels.has(word));
  const selection = selectionOf(others, options);
  const isOnlyNamed = named.size > 0 && others.length === 0 && (selection.select ?? []).length === 0;
  const models = isOnlyNamed ? new Set<string>() : selectRelations(compiled, selection);
  const isEverything = words.length === 0 && (selection.select ?? []).length + (selection.exclude ?? []).length === 0;
  // a case of a model that does not exist is told, where all are asked for
  return all.filter((unit) => isEverything || named.has(caseLabel(unit)) || models.has(unit.model));
}
