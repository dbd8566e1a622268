/**
 * A process that runs one command line after the other: what it imported and warmed up serves the next one, which takes a
 * tenth of the time of a process of its own. Each has the folder and the environment it would have there.
 */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { runCommandLine } from '../../src/cli/command-line.ts';
import { forgetSecrets } from '../../src/secret.ts';
import type { Called, Order, Outcome } from './command-process.ts';
import { seeOutbound } from './outbound.ts';

/** Installed, or of this repository. */
const ELSEWHERE = new RegExp(
  `/node_modules/|^${RegExp.escape(pathToFileURL(join(import.meta.dirname, '../..')).href)}/`,
);
const calledOut = seeOutbound();
let number = 0;

// A project's own modules are read again by each command: between two of them a test may have written others.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isOfProject = resolved.url.startsWith('file:') && !ELSEWHERE.test(resolved.url);
    return isOfProject ? { ...resolved, url: `${resolved.url}?command=${number}` } : resolved;
  },
});

process.on('message', (order: Order) => void run(order).then((outcome) => process.send?.(outcome)));
process.on('disconnect', () => process.exit());

// --- internal ---

async function run({ words, cwd, env, stdin }: Order): Promise<Outcome & Called> {
  number += 1;
  forgetSecrets();
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  let stdout = '';
  let stderr = '';
  const code = await runCommandLine(words, {
    cwd: process.cwd(),
    stdin: Readable.from(stdin === '' ? [] : [stdin]),
    stdout: { write: (text) => ((stdout += String(text)), true) },
    stderr: { write: (text) => ((stderr += String(text)), true) },
    stop: { signal: new AbortController().signal, exitCode: () => undefined },
  });
  return { code, stdout, stderr, called: calledOut() };
}
