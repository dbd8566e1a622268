/**
 * Runs cases again when a file they follow from changes, until stopped.
 */
import { watch } from 'chokidar';

import { isRevopsError } from '../errors.ts';
import { watchedFolders } from '../project/case-folders.ts';
import type { Project } from '../project/load.ts';
import type { CommandContext } from './context.ts';
import { renderFailure } from './failure.ts';

/** An editor writes several files at once, and some of them twice. */
const SETTLED_MS = 150;

/** Runs `once` now and after each change; a project that does not compile is told, and waited for. */
export async function watchCases(
  context: CommandContext,
  project: Project,
  once: () => Promise<unknown>,
): Promise<void> {
  const { signal, terminal } = context;
  const watcher = watch(watchedFolders(project), {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS },
  });
  let change = Promise.withResolvers<void>();
  watcher.on('all', () => change.resolve());
  signal.addEventListener('abort', () => change.resolve());
  try {
    while (!signal.aborted) {
      // before the run: what changes while it runs is not in it
      change = Promise.withResolvers<void>();
      await attempt(context, once);
      if (signal.aborted) break;
      terminal.say('Waiting for changes; Ctrl+C ends.');
      await change.promise;
    }
  } finally {
    await watcher.close();
  }
}

// --- internal ---

async function attempt({ terminal, globals, signal }: CommandContext, once: () => Promise<unknown>): Promise<void> {
  try {
    await once();
  } catch (error) {
    if (!isRevopsError(error)) throw error;
    if (!signal.aborted) terminal.warn(renderFailure(error, { verbose: globals.verbose }));
  }
}
