/**
 * `revops init`: a project in an empty folder.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { messageOf, RevopsError } from '../errors.ts';
import { CONFIG_NAMES } from '../project/find.ts';
import { packageVersion } from '../project/package-root.ts';
import type { CommandContext, Options } from './context.ts';
import { installSteps, packageFile, projectFiles } from './init-files.ts';

/** Writes the project's files; one that is there already is kept, and an existing config is refused. */
export async function init(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const folder = resolve(context.cwd, words[0] ?? '.');
  const present = CONFIG_NAMES.find((name) => existsSync(join(folder, name)));
  if (present !== undefined) {
    throw new RevopsError('USAGE', `${folder} has a ${present} already; nothing was written`, {
      hint: 'Choose an empty folder, or edit the config that is there.',
    });
  }
  const isInstalled = canImport(folder);
  const files = projectFiles({
    name: basename(folder),
    folder,
    engine: options['warehouse'] === 'postgres' ? 'postgres' : 'duckdb',
    today: context.now().toISOString().slice(0, 10),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    reads: options['files'] === true ? 'files' : 'platforms',
  });
  const all = isInstalled ? files : { ...files, 'package.json': packageFile(basename(folder), packageVersion()) };
  const { written, kept } = writeNew(folder, all);
  if (context.globals.json) return context.terminal.printJson({ folder, written, kept });
  for (const name of written) context.terminal.print(`written  ${name}`);
  for (const name of kept) context.terminal.print(`kept     ${name}`);
  const into = relative(context.cwd, folder);
  const steps = [
    ...(into === '' ? [] : [`cd ${into}`]),
    ...(isInstalled ? [] : installSteps(packageVersion())),
    ...('.env.example' in files ? ['cp .env.example .env   # and fill it in'] : []),
    'npx revops doctor',
    'npx revops lock create',
    'npx revops run',
    'npx revops cac',
  ];
  context.terminal.print(['', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
}

// --- internal ---

/** Whether a config in this folder can import `revops`. */
function canImport(folder: string): boolean {
  try {
    createRequire(join(folder, 'revops.config.ts')).resolve('revops/package.json');
    return true;
  } catch {
    return false;
  }
}

function writeNew(folder: string, files: Record<string, string>): { written: string[]; kept: string[] } {
  const written: string[] = [];
  const kept: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      if (existsSync(path)) {
        kept.push(name);
        continue;
      }
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
      written.push(name);
    }
  } catch (error) {
    throw new RevopsError('USAGE', `cannot write into ${folder}: ${messageOf(error)}`, { cause: error });
  }
  return { written, kept };
}
