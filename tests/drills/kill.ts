/**
 * `npm run drill:kill -- [--course run|build] [--engine duckdb|postgres] [--at commits|all] [--every 1] [--random 10]
 * [--seed 1] [--parallel 2] [--select "models"]`: kills runs of the shipped project right before and after every commit (or at all boundaries,
 * or every n-th of them) and at random moments, and a build with a ledger, components and its rollback before every
 * statement, on both engines, and compares what is left with an undisturbed run. Prints a table; ends with 1 on any
 * difference.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';
import PQueue from 'p-queue';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { openCompany } from '../support/company.ts';
import { prepareBuildDrill } from './build-drill.ts';
import { type Course, FIRST_DAY, type Kill, type Moment, prepareCourses } from './drill.ts';
import { seeded } from './seeded.ts';

const { values } = parseArgs({
  options: {
    course: { type: 'string', multiple: true, default: ['run', 'build'] },
    engine: { type: 'string', multiple: true, default: ['duckdb', 'postgres'] },
    at: { type: 'string', default: 'commits' },
    every: { type: 'string', default: '1' },
    random: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '2' },
    select: { type: 'string', default: '' },
  },
});
const every = Number(values.every);
/** Right before a commit, and right after it. */
const COMMITS =
  /^(lease: taken|state: migrated|sync: (state_written|load_committed|tables_ready|done)|build: (publishing|before commit|published|done))/;
const began = performance.now();
const company = await openCompany({ months: 2, now: FIRST_DAY });
const postgres = await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-drill-postgres-')));
let failures = 0;
try {
  for (const engine of values.engine) {
    if (values.course.includes('build')) await drillBuild(engine as Course['engine']);
    if (!values.course.includes('run')) continue;
    const { courses, dispose } = await prepareCourses(company, engine as Course['engine'], postgres.url, values.select);
    try {
      for (const course of courses) await drill(course);
    } finally {
      await dispose();
    }
  }
} finally {
  await company.close();
  await postgres.stop();
}
console.log(
  `${failures === 0 ? 'Every warehouse equals the undisturbed one' : `${failures} kills left something wrong`}, after ${Math.round((performance.now() - began) / 1000)} s.`,
);
process.exitCode = failures === 0 ? 0 : 1;

// --- internal ---

async function drill(course: Course): Promise<void> {
  const { engine, name, steps } = course;
  console.log(`\n${engine}, ${name}: ${steps.length} boundaries, ${Math.round(course.milliseconds)} ms undisturbed`);
  const tally: Tally = new Map();
  const work: (() => Promise<void>)[] = [];
  const wanted = steps
    .map((step, index) => ({ step, passes: steps.slice(0, index).filter((other) => other === step).length }))
    .filter(({ step }) => values.at === 'all' || COMMITS.test(step));
  for (let index = Number(values.seed) % every; index < wanted.length; index += every) {
    const moment = wanted[index] as { step: string; passes: number };
    work.push(async () => note(course, tally, labelOf(moment.step), moment, await course.kill(moment)));
  }
  const random = seeded(Number(values.seed));
  for (let index = 0; index < Number(values.random); index += 1) {
    const milliseconds = Math.round(random() * course.milliseconds);
    work.push(async () => note(course, tally, 'random moment', { milliseconds }, await course.kill({ milliseconds })));
  }
  await printed(tally, work);
}

async function drillBuild(engine: Course['engine']): Promise<void> {
  const { statements, published, kill, dispose } = await prepareBuildDrill(engine, postgres.url);
  console.log(`\n${engine}, a build and its rollback: ${statements.length} statements`);
  const course = { engine, name: 'build and rollback' };
  const built = statements.indexOf('built');
  const tally: Tally = new Map();
  const work: (() => Promise<void>)[] = [];
  for (let at = Number(values.seed) % every; at < statements.length; at += every) {
    const label = at <= published ? 'before it is shown' : at <= built ? 'clearing up' : 'rollback';
    work.push(async () => note(course, tally, label, { statement: at, sql: statements[at] }, await kill(at)));
  }
  try {
    await printed(tally, work);
  } finally {
    await dispose();
  }
}

type Tally = Map<string, { kills: number; equal: number }>;

async function printed(tally: Tally, work: (() => Promise<void>)[]): Promise<void> {
  const queue = new PQueue({ concurrency: Number(values.parallel) });
  let done = 0;
  const told = work.map((kill) => async () => {
    await kill();
    done += 1;
    if (done % 25 === 0) console.error(`${done} of ${work.length} kills`);
  });
  await queue.addAll(told);
  const table = new Table({ head: ['step', 'kills', 'equal'], style: { head: [], border: [] } });
  for (const [label, { kills, equal }] of tally) table.push([label, kills, equal]);
  console.log(table.toString());
}

function note(
  course: { engine: string; name: string },
  tally: Tally,
  label: string,
  at: Moment | { statement: number; sql: string | undefined },
  { wasKilled, wrong }: Kill,
): void {
  const row = tally.get(label) ?? { kills: 0, equal: 0 };
  tally.set(label, {
    kills: row.kills + (wasKilled ? 1 : 0),
    equal: row.equal + (wasKilled && wrong.length === 0 ? 1 : 0),
  });
  if (wrong.length === 0) return;
  failures += 1;
  const where = JSON.stringify(at);
  console.error(
    [`${course.engine}, ${course.name}, ${label} ${where}:`, ...wrong.slice(0, 5)].join('\n  ').slice(0, 4000),
  );
}

/** `build: made cac` counts as `build: made`, `sync: rows_applied hubspot.deals` as `sync: rows_applied`. */
function labelOf(step: string): string {
  return step.replace(/^(sync: \w+|build: (?:made|tested|touched|applied)) .*$/, '$1');
}
