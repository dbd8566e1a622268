/**
 * How long do exact Markov and Shapley credits take for many paths and channels, and are they exact? The shipped models on
 * generated paths in DuckDB, held against removal effects that are solved channel by channel, and against sums over paths.
 * `npm run bench:attribution [-- --paths 1000000 --channels 200 --memory 4GB]`
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import type { ModelProject } from '../src/model/contract.ts';
import { readModelProject } from '../src/model/index.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import type { Warehouse } from '../src/warehouse/contract.ts';
import { buildPaths, openPaths, pathsFiles } from '../tests/attribution/paths.ts';
import { recordLoad } from '../tests/model/building.ts';

const { values } = parseArgs({
  options: {
    paths: { type: 'string', default: '1000000' },
    channels: { type: 'string', default: '200' },
    memory: { type: 'string', default: '4GB' },
  },
});
const paths = Number(values.paths);
const channels = Number(values.channels);
const folder = await mkdtemp(join(tmpdir(), 'revops-bench-'));
const warehouse = await openWarehouse({
  type: 'duckdb',
  path: join(folder, 'warehouse.duckdb'),
  memoryLimit: values.memory,
});
try {
  await openPaths(warehouse);
  await makePaths(warehouse);
  const project = await writeProject();
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  // nothing settles: what is frozen of each credit is measured by bench:build
  const report = await buildPaths(warehouse, project, '2024-12-31T06:00:00Z', {
    has_baseline: false,
    baseline_id: null,
  });
  const cpu = process.cpuUsage(cpuBegan);
  const [counts] = await warehouse.query<{ touches: number; conversions: number }>(
    `select (select count(*) from core.touchpoints) as touches, (select count(*) from core.all_conversions) as conversions`,
  );
  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}; DuckDB's memory limit ${values.memory}`,
  );
  console.log(
    `${count(paths)} paths in ${channels} channels, ${count(counts?.touches)} touchpoints, ${count(counts?.conversions)} conversions`,
  );
  console.log(
    `built in ${seconds(performance.now() - began)}, ${seconds((cpu.user + cpu.system) / 1000)} of processor; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
  for (const name of [
    'path_credits',
    'markov_transitions',
    'markov_effects',
    'current_credits',
    'attribution_channels',
  ]) {
    const step = report.relations.find((relation) => relation.name === name);
    console.log(`  ${name}: ${seconds(step?.milliseconds ?? 0)}, ${count(step?.rows ?? 0)} rows`);
  }
  console.log(`markov: largest error of a removal effect ${(await markovError(warehouse)).toExponential(1)}`);
  console.log(`shapley: largest error of a channel's conversions ${(await shapleyError(warehouse)).toExponential(1)}`);
} finally {
  await warehouse.close();
  await rm(folder, { recursive: true, force: true });
}

// --- internal ---

async function writeProject(): Promise<ModelProject> {
  for (const [name, text = ''] of Object.entries(pathsFiles())) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return readModelProject([{ origin: 'bench', models: join(folder, 'models'), sql: join(folder, 'sql') }]);
}

/** People with one to six touchpoints, early channels more often than late ones; every third converts. */
async function makePaths(to: Warehouse): Promise<void> {
  const person = `'p' || cast(path as text)`;
  await to.execute(`insert into raw_given.touchpoints (touchpoint_id, person_id, channel, occurred_at, _load_id, _deleted)
    select 't' || cast(path as text) || '.' || cast(place as text), ${person},
      'channel ' || lpad(cast(cast(floor(${channels} * pow((hash(path * 7 + place) % 1000003) / 1000003.0, 2)) as bigint) as text), 3, '0'),
      timestamptz '2024-10-01 00:00:00+00' + to_minutes(cast(path % 40000 + place * 60 as bigint)), 'l1', false
    from range(${paths}) as people(path) cross join range(6) as places(place)
    where place <= hash(path) % 6`);
  await to.execute(`insert into raw_given.all_conversions (conversion_id, conversion_type, source, amount_reporting, is_new_customer, converted_date, converted_at, _load_id, _deleted)
    select 'c' || cast(path as text), 'customer', 'crm', 100, true, date '2024-11-01', timestamptz '2024-11-01 00:00:00+00', 'l2', false
    from range(${paths}) as people(path) where path % 3 = 0`);
  await to.execute(`insert into raw_given.conversion_people (conversion_id, person_id, _load_id, _deleted)
    select 'c' || cast(path as text), ${person}, 'l3', false from range(${paths}) as people(path) where path % 3 = 0`);
  for (const table of ['touchpoints', 'all_conversions', 'conversion_people'])
    await recordLoad(to, 'given', table, paths);
}

/** Each channel taken out by itself, and the chain solved by elimination. */
async function markovError(from: Warehouse): Promise<number> {
  const steps = await from.query<{ from_channel: string; to_channel: string; transitions: number }>(
    `select from_channel, to_channel, cast(sum(transitions) as double) as transitions from core.markov_transitions group by 1, 2`,
  );
  const found = await from.query<{ channel: string; removal_effect: number }>(
    'select channel, removal_effect from core.markov_effects',
  );
  const names = found.map(({ channel }) => channel);
  const places = new Map(['(start)', ...names].map((name, place) => [name, place]));
  const size = places.size;
  const totals = zeros(size);
  for (const step of steps) totals[places.get(step.from_channel) ?? 0]! += step.transitions;
  const moves = Array.from({ length: size }, () => zeros(size));
  const converts = zeros(size);
  for (const { from_channel: one, to_channel: other, transitions } of steps) {
    const row = places.get(one) ?? 0;
    const share = transitions / (totals[row] ?? 1);
    if (other === '(conversion)') converts[row] = share;
    else if (other !== '(null)') moves[row]![places.get(other) ?? 0] = share;
  }
  const whole = chanceToConvert(moves, converts, null);
  const errors = found.map(({ channel, removal_effect: effect }) =>
    Math.abs(effect - (1 - chanceToConvert(moves, converts, places.get(channel) ?? 0) / whole)),
  );
  return Math.max(...errors);
}

function zeros(size: number): number[] {
  return Array.from({ length: size }, () => 0);
}

/** From the start, by Gaussian elimination of (I − Q) h = r; paths end where they come to `removed`. */
function chanceToConvert(moves: readonly number[][], converts: readonly number[], removed: number | null): number {
  const size = moves.length;
  const rows = moves.map((row, at) => {
    const own = Float64Array.from([...row.map((share) => -share), at === removed ? 0 : (converts[at] ?? 0)]);
    if (at === removed) own.fill(0);
    own[at]! += 1;
    return own;
  });
  // from the last row up, so that the start's is what is left
  for (let pivot = size - 1; pivot > 0; pivot -= 1) {
    const by = rows[pivot]!;
    for (let at = 0; at < pivot; at += 1) {
      const row = rows[at]!;
      const factor = row[pivot]! / by[pivot]!;
      if (factor === 0) continue;
      for (let column = 0; column < pivot; column += 1) row[column]! -= factor * by[column]!;
      row[size]! -= factor * by[size]!;
    }
  }
  return rows[0]![size]! / rows[0]![0]!;
}

/** Each path shared equally among its distinct channels. */
async function shapleyError(from: Warehouse): Promise<number> {
  const [row] = await from.query<{ error: number }>(`
    with sets as (
      select distinct all_conversions.conversion_id, touchpoints.channel
      from core.all_conversions
      inner join core.conversion_people on conversion_people.conversion_id = all_conversions.conversion_id
      inner join core.touchpoints on touchpoints.person_id = conversion_people.person_id
        and touchpoints.occurred_at <= all_conversions.converted_at
    ),
    shares as (select channel, 1.0 / count(*) over (partition by conversion_id) as share from sets),
    expected as (select channel, sum(cast(share as double)) as conversions from shares group by channel)
    select max(abs(coalesce(expected.conversions, 0) - coalesce(found.conversions, 0))) as error
    from expected
    full join (select channel, conversions from core.attribution_channels where attribution_model = 'shapley' and channel <> '(unattributed)') as found
      on found.channel = expected.channel`);
  return row?.error ?? Number.NaN;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function count(value: number | null | undefined): string {
  return (value ?? 0).toLocaleString('en-US');
}
