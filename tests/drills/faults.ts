/**
 * `npm run drill:faults -- [--engine duckdb|postgres] [--fault name] [--months 4] [--scale 2] [--mornings 1,2,3] [--jobs 2] [--together]`:
 * a company in order goes on with one planted fault after the other, and each morning the checks are asked. Prints which
 * found it, after how many days, and whether `revops cac` was stamped; ends with 1 where a fault that is to be found was
 * not, or a number was not stamped. `--jobs`: so many faults at a time, each in a company of its own. `--together` plants
 * those at once in one company that touch different data: a fifth of the time.
 *
 * `-- --clean [--months 18] [--every-days 7]`: the company without a fault; prints false alarms per month, and ends with 1
 * where there are any.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { createWorld } from '../../fixtures/world/index.ts';
import { countAlarms } from './faults/clean.ts';
import { openDrill } from './faults/drill.ts';
import type { Found } from './faults/findings.ts';
import { FAULTS } from './faults/index.ts';
import { alarmTable, faultTable, isAsExpected } from './faults/tables.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'duckdb' },
    fault: { type: 'string', multiple: true },
    months: { type: 'string' },
    scale: { type: 'string', default: '2' },
    mornings: { type: 'string', default: '1,2,3,4,7,10,14,18,21,28' },
    jobs: { type: 'string', default: '2' },
    together: { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
    'every-days': { type: 'string', default: '7' },
  },
});
const SINCE = '2025-09-16T06:00:00.000Z';
const world = createWorld({ months: 18, scale: Number(values.scale) });
const postgres =
  values.engine === 'postgres'
    ? await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-faults-')))
    : undefined;
try {
  process.exitCode = values.clean ? await drillClean() : await drillFaults();
} finally {
  await postgres?.stop();
}

async function drillFaults(): Promise<number> {
  const wanted = FAULTS.filter(({ name }) => (values.fault ?? ['']).some((part) => name.includes(part)));
  if (wanted.length === 0) throw new Error(`no such fault; there are ${FAULTS.map(({ name }) => name).join(', ')}`);
  const first = new Date(SINCE);
  first.setUTCMonth(first.getUTCMonth() - Number(values.months ?? 4));
  const drill = await openDrill({
    world,
    firstDay: first.toISOString().slice(0, 10),
    since: SINCE,
    mornings: values.mornings.split(',').map(Number),
    server: postgres?.url,
    onMorning: (faults, day) =>
      console.error(`${new Date().toISOString()} ${faults.map(({ name }) => name).join(', ')}: morning ${day}`),
    onFound: (found) => console.error(linesOf(found).slice(0, 20).join('\n')),
  });
  try {
    const loud = drill.before.filter(({ severity }) => severity !== 'investigate');
    if (loud.length > 0) console.log(['found before any fault:', ...linesOf(loud)].join('\n'));
    const plans = values.together
      ? [...Map.groupBy(wanted, ({ group }) => group).values()]
      : wanted.map((fault) => [fault]);
    const planted = (await inTurns(plans, Number(values.jobs), (faults) => drill.plant(faults))).flat();
    console.log(faultTable(planted));
    const leaks = new Set(planted.flatMap((one) => one.leaks));
    console.log(`Secrets, e-mails and phones in what was printed and recorded: ${[...leaks].join(', ') || 'none'}.`);
    return loud.length === 0 && planted.every(isAsExpected) ? 0 : 1;
  } finally {
    await drill.dispose();
  }
}

async function drillClean(): Promise<number> {
  const alarms = await countAlarms({
    world,
    months: Number(values.months ?? 18),
    everyDays: Number(values['every-days']),
    server: postgres?.url,
    onMorning: (day, lines) => console.error([`${new Date().toISOString()} ${day}`, ...lines].join('\n  ')),
  });
  console.log(alarmTable(alarms));
  return alarms.some(({ error, warning }) => error + warning > 0) ? 1 : 0;
}

/** So many at a time; results in the order of what they are of. */
async function inTurns<T, R>(all: readonly T[], atOnce: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function linesOf(found: readonly Found[]): string[] {
  return found.map(
    ({ severity, check, subject, day, detail }) => `  ${severity}, ${check}, ${subject}, ${day}: ${detail}`,
  );
}
