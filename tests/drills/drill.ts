/**
 * The kill drill: a run of the shipped project is killed, run again to its end, and must leave what an undisturbed run
 * leaves. Two courses: the first run into an empty warehouse, and the run of the next day.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { openWarehouse } from '../../src/warehouse/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { type Company, companyProject, type CompanyProject, DUCKDB_FILE } from '../support/company.ts';
import { type Contents, contentsOf, differencesOf, orphanTables } from '../support/contents.ts';
import { createDatabase, dropDatabase } from '../support/databases.ts';

export interface Course {
  engine: EngineName;
  name: 'first run' | 'next day';
  /** Names of the boundaries of an undisturbed run, in order. */
  steps: string[];
  /** How long an undisturbed run takes from start to end. */
  milliseconds: number;
  /** Kills a run at boundary n (1 is the first), or after some milliseconds; runs again; gives what is wrong then. */
  kill(at: { step: number } | { milliseconds: number }): Promise<Kill>;
  dispose(): Promise<void>;
}

export interface Kill {
  /** False where the run ended before it could be killed. */
  wasKilled: boolean;
  /** What is not as in the undisturbed warehouse, or left behind; empty: all is well. */
  wrong: string[];
}

export const FIRST_DAY = '2025-06-29T06:00:00.000Z';
const NEXT_DAY = '2025-06-30T06:00:00.000Z';
/** Few days of advertising, so that every boundary can be tried; the CRM is read as a whole. */
const START = '2025-06-20';

/** Prepares a course: runs it once undisturbed. `server` is the URL of a Postgres server, for that engine. */
export async function prepareCourse(
  company: Company,
  engine: EngineName,
  name: Course['name'],
  server: string,
): Promise<Course> {
  const made: CompanyProject[] = [];
  const databases: string[] = [];
  let base: { project: CompanyProject; url: string | undefined } | undefined;

  /** A project with an empty warehouse or, on the next day, that of the first. */
  async function newProject(): Promise<{ project: CompanyProject; url: string | undefined }> {
    const url = engine === 'postgres' ? await createDatabase(server, base?.url) : undefined;
    if (url !== undefined) databases.push(url);
    const project = companyProject(company, START, url);
    made.push(project);
    if (base !== undefined && url === undefined) {
      copyFileSync(join(base.project.folder, DUCKDB_FILE), join(project.folder, DUCKDB_FILE));
    }
    return { project, url };
  }

  async function dropProject(): Promise<void> {
    made.pop()?.remove();
    const url = engine === 'postgres' ? databases.pop() : undefined;
    if (url !== undefined) await dropDatabase(server, url);
  }

  company.setNow(FIRST_DAY);
  if (name === 'next day') {
    const first = await newProject();
    await runToEnd(first.project);
    base = first;
    company.setNow(NEXT_DAY);
  }
  const now = company.now();
  const calm = await newProject();
  const began = performance.now();
  const steps = (await runToEnd(calm.project)).trim().split('\n');
  const milliseconds = performance.now() - began;
  const undisturbed = await readBack(calm.project);

  return {
    engine,
    name,
    steps,
    milliseconds,
    async kill(at) {
      company.setNow(now);
      const { project } = await newProject();
      const wasKilled = await runAndKill(project, at);
      await runToEnd(project);
      const wrong = wrongIn(project, await readBack(project), undisturbed);
      await dropProject();
      return { wasKilled, wrong };
    },
    async dispose() {
      while (made.length > 0) await dropProject();
    },
  };
}

// --- internal ---

const CHILD = new URL('child.ts', import.meta.url).pathname;

interface ReadBack {
  contents: Map<string, Contents>;
  orphans: string[];
}

async function readBack(project: CompanyProject): Promise<ReadBack> {
  const warehouse = await openWarehouse(project.warehouse);
  try {
    return { contents: await contentsOf(warehouse), orphans: await orphanTables(warehouse) };
  } finally {
    await warehouse.close();
  }
}

function wrongIn(project: CompanyProject, { contents, orphans }: ReadBack, undisturbed: ReadBack): string[] {
  const state = join(project.folder, '.revops');
  const left = existsSync(state) ? readdirSync(state, { recursive: true, withFileTypes: true }) : [];
  return [
    ...differencesOf(contents, undisturbed.contents),
    ...orphans.map((table) => `revops_store.${table} belongs to nothing published`),
    ...left.filter((entry) => entry.isFile()).map((entry) => `the spool still holds ${entry.name}`),
  ];
}

interface Ended {
  signal: NodeJS.Signals | null;
  code: number | null;
  stdout: string;
  stderr: string;
}

async function runToEnd(project: CompanyProject): Promise<string> {
  const { code, stdout, stderr } = await runChild(project, 0, null);
  if (code !== 0) throw new Error(`a run of the drill failed: ${stderr.slice(-3000)}`);
  return stdout;
}

async function runAndKill(
  project: CompanyProject,
  at: { step: number } | { milliseconds: number },
): Promise<boolean> {
  const { signal, code, stderr } =
    'step' in at ? await runChild(project, at.step, null) : await runChild(project, 0, at.milliseconds);
  if (signal === 'SIGKILL') return true;
  if (code !== 0) throw new Error(`the run to be killed failed: ${stderr.slice(-3000)}`);
  return false;
}

function runChild(project: CompanyProject, step: number, killAfter: number | null): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=source', CHILD, project.folder, String(step)], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: project.folder, ...project.environment() },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = killAfter === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
