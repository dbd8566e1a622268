/**
 * `revops tracking codegen`: a model for each planned event, with data tests, in the project's models folder.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { GENERATED, trackingModels } from '../project/tracking-models.ts';
import type { TrackingPlan } from '../project/tracking-plan.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';

export async function generateModels(
  context: CommandContext,
  { project, plan }: { project: Project; plan: TrackingPlan },
  options: Options,
): Promise<void> {
  const folder = project.modelsFolder ?? join(project.folder, 'models');
  const changes = await changesOf(folder, trackingModels(plan));
  const isCheck = options['check'] === true;
  if (!isCheck) await apply(folder, changes);
  const shown = (paths: readonly string[]): string[] =>
    paths.map((path) => relative(project.folder, join(folder, path)));
  const told = { written: shown(Object.keys(changes.written)), removed: shown(changes.removed) };
  const { terminal, globals } = context;
  if (globals.json) terminal.printJson(told);
  else terminal.print(toldText(told, isCheck));
  if (!isCheck || told.written.length + told.removed.length === 0) return;
  throw new RevopsError(
    'CHECK_FAILED',
    `${plural(told.written.length + told.removed.length, 'model')} not as ${plan.file} says`,
    {
      hint: 'Run `revops tracking codegen` and commit what it writes.',
    },
  );
}

// --- internal ---

interface Changes {
  written: Record<string, string>;
  removed: string[];
}

/** What would be written, and generated files that no event has any more. USAGE where somebody's own file is in the way. */
async function changesOf(folder: string, files: Record<string, string>): Promise<Changes> {
  const written: Record<string, string> = {};
  for (const [path, text] of Object.entries(files)) {
    const found = await readFile(join(folder, path), 'utf8').catch(() => null);
    if (found !== null && !found.includes(GENERATED)) {
      throw new RevopsError('USAGE', `models/${path} is there, and was not made by this command`, {
        hint: 'Move it away, or give the event another name in the plan.',
      });
    }
    if (found !== text) written[path] = text;
  }
  const names = await readdir(join(folder, 'core')).catch(() => []);
  const removed: string[] = [];
  for (const name of names.filter((file) => /^event_.*\.sql$/.test(file)).toSorted()) {
    const path = `core/${name}`;
    if (files[path] === undefined && (await readFile(join(folder, path), 'utf8')).includes(GENERATED))
      removed.push(path);
  }
  return { written, removed };
}

async function apply(folder: string, { written, removed }: Changes): Promise<void> {
  for (const [path, text] of Object.entries(written)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const path of removed) await rm(join(folder, path));
}

function toldText({ written, removed }: { written: string[]; removed: string[] }, isCheck: boolean): string {
  if (written.length + removed.length === 0) return 'All models are as the plan says.';
  const [write, remove] = isCheck ? ['would write', 'would remove'] : ['wrote', 'removed'];
  return [...written.map((path) => `${write} ${path}`), ...removed.map((path) => `${remove} ${path}`)].join('\n');
}
