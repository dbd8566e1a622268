/**
 * The real command line, and project folders to run it in.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { runInProcess, type Outcome } from './command-process.ts';

export type { Outcome } from './command-process.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Of one run of the tests: hundreds of projects have the same models. */
const COMPILED = process.env['REVOPS_COMPILE_CACHE'] ?? '';
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  REVOPS_COMPILE_CACHE: COMPILED,
  ...(COMPILED === '' ? {} : { NODE_COMPILE_CACHE: join(COMPILED, 'node') }),
};

export interface RunOptions {
  cwd: string;
  /** Added to a small environment: nothing of this machine's configuration leaks in. */
  env?: Record<string, string>;
  stdin?: string;
  /** Called with the pid and each piece of standard error, to send signals. */
  onStderr?(pid: number, text: string): void;
  /** The same with standard output. */
  onStdout?(pid: number, text: string): void;
  /** SIGKILL after so many milliseconds; never where absent. */
  killAfter?: number;
}

/**
 * Runs `revops <words>` from source to its end; in a process that ran others before it, as tests run hundreds, unless
 * it is to be killed or stopped.
 */
export function revops(words: readonly string[], options: RunOptions): Promise<Outcome> {
  const { cwd, env, stdin = '', onStdout, onStderr, killAfter } = options;
  if ([onStdout, onStderr, killAfter].some((wanted) => wanted !== undefined)) return revopsProcess(words, options);
  return runInProcess({ words, cwd, env: { ...ENVIRONMENT, HOME: cwd, ...env }, stdin });
}

/** The same as a process of its own: where its end, or what it loads and starts, is what is tested. */
export function revopsProcess(words: readonly string[], options: RunOptions): Promise<Outcome> {
  const child = spawn(process.execPath, ['--conditions=source', join(ROOT, 'src/cli/bin.ts'), ...words], {
    cwd: options.cwd,
    env: { ...ENVIRONMENT, HOME: options.cwd, ...options.env },
    ...(options.killAfter === undefined ? {} : { timeout: options.killAfter, killSignal: 'SIGKILL' }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(child.pid as number, text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(child.pid as number, text);
  });
  child.stdin.end(options.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export interface ProjectFolder {
  folder: string;
  write(files: Record<string, string>): void;
  /** Text of every file below the folder, or one in it, packages aside: for canaries. */
  everything(below?: string): string;
  remove(): void;
}

/** A folder in which `revops` and its connectors can be imported: a new one, or one that was made so before. */
export function projectFolder(
  files: Record<string, string> = {},
  folder = mkdtempSync(join(tmpdir(), 'revops-project-')),
): ProjectFolder {
  const installed = join(folder, 'node_modules/revops');
  mkdirSync(dirname(installed), { recursive: true });
  if (!existsSync(installed)) symlinkSync(ROOT, installed);
  const project: ProjectFolder = {
    folder,
    write: (more) => {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    everything: (below = '') =>
      readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })
        .filter((name) => !name.startsWith('node_modules') && statSync(join(folder, below, name)).isFile())
        .map((name) => readFileSync(join(folder, below, name), 'latin1'))
        .join('\n'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  project.write(files);
  return project;
}
