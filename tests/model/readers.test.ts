import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { openWarehouse } from '../../src/warehouse/index.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import { run } from './building.ts';
import { model, projectOf, type Files } from './project.ts';

/** Two marts that always belong together, and enough rows that a build takes its time. */
const FILES: Files = {
  'models/reference/inputs.yml':
    'settings:\n  filled_by: engine\n  description: One row.\n  columns: { version: { type: integer, description: V. } }\n',
  'models/core/numbers.sql': model(
    ['n integer', 'version integer'],
    'select cast(n as integer) as n, version from generate_series(1, 20000) as listed(n) cross join settings',
    'grain: [n]',
  ),
  'models/marts/first.sql': model(
    ['version integer', 'n bigint'],
    'select version, count(*) as n from numbers group by version',
  ),
  'models/marts/second.sql': model(
    ['version integer', 'n bigint'],
    'select version, sum_n as n from (select version, cast(sum(n) as bigint) as sum_n from numbers group by version) as summed',
  ),
};

const QUERY = `select first.version as first_version, second.version as second_version, settings.version as settings_version,
  (select min(version) from core.numbers) as low, (select max(version) from core.numbers) as high
  from marts.first cross join marts.second cross join reference.settings`;

describe.each(engines)('%s', (engine) => {
  it('Readers in a loop see the old state or the new, never an error or a mixture', { timeout: 240_000 }, async () => {
    const { warehouse, config, dispose } = await openTestWarehouse(engine);
    const project = await projectOf(FILES);
    const builds = 12;
    await run(warehouse, project, { settings: [{ version: 1 }] });
    // on DuckDB a second connection of the same process, on Postgres another pool
    const other = engine === 'postgres' ? await openWarehouse(config) : warehouse;
    const seen: number[][] = [];
    const building = new AbortController();
    const readers = [0, 1, 2, 3].map(async () => {
      while (!building.signal.aborted) {
        seen.push(...(await other.query<Record<string, number>>(QUERY)).map((row) => Object.values(row)));
        await turn();
      }
    });
    // watched from the start: a reader that fails must not be an unhandled rejection while the builds go on
    const reading = Promise.all(readers);
    reading.catch(() => undefined);
    for (let version = 2; version <= builds; version += 1) await run(warehouse, project, { settings: [{ version }] });
    building.abort();
    await reading;
    if (other !== warehouse) await other.close();
    await dispose();
    expect(seen.length).toBeGreaterThan(builds * 3);
    for (const versions of seen) expect(new Set(versions).size, String(versions)).toBe(1);
    expect(new Set(seen.map(([version]) => version)).size).toBeGreaterThanOrEqual(builds - 1);
  });
});
