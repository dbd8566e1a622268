/**
 * `npm run drill:kill -- [--engine duckdb|postgres] [--every 1] [--random 10] [--seed 1]`: kills runs of the shipped
 * project at every boundary (or every n-th) and at random moments, on both engines, and compares what is left with an
 * undisturbed run. Prints a table; ends with 1 on any difference.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { openCompany } from '../support/company.ts';
import { type Course, FIRST_DAY, type Moment, prepareCourses } from './drill.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: ['duckdb', 'postgres'] },
    every: { type: 'string', default: '1' },
    random: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const every = Number(values.every);
const began = performance.now();
const company = await openCompany({ months: 2, now: FIRST_DAY });
const postgres = await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-drill-postgres-')));
let failures = 0;
try {
  for (const engine of values.engine) {
    const { courses, dispose } = await prepareCourses(company, engine as Course['engine'], postgres.url);
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
  const tally = new Map<string, { kills: number; equal: number }>();
  for (let index = Number(values.seed) % every; index < steps.length; index += every) {
    const step = steps[index] ?? '';
    const passes = steps.slice(0, index).filter((other) => other === step).length;
    await one(course, tally, labelOf(step), { step, passes });
  }
  const random = seeded(Number(values.seed));
  for (let index = 0; index < Number(values.random); index += 1) {
    const milliseconds = Math.round(random() * course.milliseconds);
    await one(course, tally, 'random moment', { milliseconds });
  }
  const table = new Table({ head: ['step', 'kills', 'equal'], style: { head: [], border: [] } });
  for (const [label, { kills, equal }] of tally) table.push([label, kills, equal]);
  console.log(table.toString());
}

async function one(
  course: Course,
  tally: Map<string, { kills: number; equal: number }>,
  label: string,
  at: Moment,
): Promise<void> {
  const { wasKilled, wrong } = await course.kill(at);
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

/** `build: made cac` counts as `build: made`. */
function labelOf(step: string): string {
  return step.replace(/^(build: (?:made|tested)) .*$/, '$1');
}

/** A small generator (mulberry32), so that a drill can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
