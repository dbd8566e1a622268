/**
 * The kill drill: a run of the shipped project is killed, run again to its end, and must leave what an undisturbed run
 * leaves. Two courses: the first run into an empty warehouse, and the run of the next day.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  /** Kills a run at a boundary or after some milliseconds, runs again, gives what is wrong then. */
  kill(at: Moment): Promise<Kill>;
}

/** A boundary and how often it is passed before, or a time. */
export type Moment = { step: string; passes: number } | { milliseconds: number };

export interface Drill {
  courses: [first: Course, next: Course];
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

/**
 * Prepares the courses of an engine: runs both days once undisturbed. `server` is the URL of a Postgres server, for that
 * engine. `select`: the models that runs build, for kills of the sync alone; all by default.
 */
export async function prepareCourses(
  company: Company,
  engine: EngineName,
  server: string,
  select = '',
): Promise<Drill> {
  const bench = openBench(company, engine, server, select);
  const first = await prepare(bench, 'first run', FIRST_DAY, undefined);
  const next = await prepare(bench, 'next day', NEXT_DAY, first.base);
  return { courses: [first.course, next.course], dispose: () => bench.dispose() };
}

// --- internal ---

/** The platforms' SDKs are slow to compile, and so are the models; many processes share the results. */
const COMPILED = join(tmpdir(), 'revops-drill-compiled');
const COMPILED_MODELS = join(tmpdir(), 'revops-drill-models');
const CHILD = new URL('child.ts', import.meta.url).pathname;

/** A project and the URL of its Postgres database. */
interface Base {
  project: CompanyProject;
  url: string | undefined;
}

interface Bench {
  company: Company;
  engine: EngineName;
  select: string;
  /** A project with an empty warehouse or a copy of another one's. */
  newProject(base: Base | undefined): Promise<Base>;
  drop(project: Base): Promise<void>;
  dispose(): Promise<void>;
}

function openBench(company: Company, engine: EngineName, server: string, select: string): Bench {
  const made = new Set<Base>();
  async function drop(base: Base): Promise<void> {
    made.delete(base);
    base.project.remove();
    if (base.url !== undefined) await dropDatabase(server, base.url);
  }
  return {
    company,
    engine,
    select,
    async newProject(base) {
      const url = engine === 'postgres' ? await createDatabase(server, base?.url) : undefined;
      const project = companyProject(company, START, url);
      if (base !== undefined && engine === 'duckdb') {
        copyFileSync(join(base.project.folder, DUCKDB_FILE), join(project.folder, DUCKDB_FILE));
      }
      const own = { project, url };
      made.add(own);
      return own;
    },
    drop,
    async dispose() {
      for (const base of [...made]) await drop(base);
    },
  };
}

async function prepare(
  bench: Bench,
  name: Course['name'],
  now: string,
  from: Base | undefined,
): Promise<{ course: Course; base: Base }> {
  const { company, engine, select } = bench;
  company.setNow(now);
  const calm = await bench.newProject(from);
  const began = performance.now();
  const steps = (await runToEnd(calm.project, select)).trim().split('\n');
  const milliseconds = performance.now() - began;
  const undisturbed = await readBack(calm.project);
  const wrong = wrongIn(calm.project, undisturbed, undisturbed);
  if (wrong.length > 0) throw new Error(`the undisturbed run is not in order: ${wrong.join('; ')}`);
  async function kill(at: Moment): Promise<Kill> {
    company.setNow(now);
    const killed = await bench.newProject(from);
    const wasKilled = await runAndKill(killed.project, select, at);
    await runToEnd(killed.project, select);
    const found = wrongIn(killed.project, await readBack(killed.project), undisturbed);
    await bench.drop(killed);
    return { wasKilled, wrong: found };
  }
  return { course: { engine, name, steps, milliseconds, kill }, base: calm };
}

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

async function runToEnd(project: CompanyProject, select: string): Promise<string> {
  const { code, stdout, stderr } = await runChild(project, select, [], null);
  if (code !== 0) throw new Error(`a run of the drill failed: ${stderr.slice(-3000)}`);
  return stdout;
}

async function runAndKill(project: CompanyProject, select: string, at: Moment): Promise<boolean> {
  const { signal, code, stderr } =
    'step' in at
      ? await runChild(project, select, [at.step, String(at.passes)], null)
      : await runChild(project, select, [], at.milliseconds);
  if (signal === 'SIGKILL') return true;
  if (code !== 0) throw new Error(`the run to be killed failed: ${stderr.slice(-3000)}`);
  return false;
}

function runChild(project: CompanyProject, select: string, death: string[], killAfter: number | null): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=source', CHILD, project.folder, ...death], {
    cwd: project.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: project.folder,
      NODE_COMPILE_CACHE: COMPILED,
      REVOPS_COMPILE_CACHE: COMPILED_MODELS,
      REVOPS_DRILL_SELECT: select,
      ...project.environment(),
    },
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
