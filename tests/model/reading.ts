/**
 * People who read in a loop while builds go on: tables changed in place, tables made anew, all of them together.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { compileProject } from '../../src/model/compile/compile.ts';
import { readModelProject } from '../../src/model/read/read.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { run } from './building.ts';
import { model, type Files } from './project.ts';
import { makeRaw, sync } from './synced.ts';

export interface Reading {
  /** Answers of the readers. */
  answers: number;
  /** Versions seen. */
  versions: Set<number>;
  /** Answers whose versions were not all the same. */
  mixed: string[];
  /** Builds that changed `stamps` in place. */
  inPlace: number;
  /** How long the longest build took, in milliseconds. */
  longest: number;
}

/** Two marts made anew by every build, and a table of which every build changes 50 rows in place. */
export const READ_FILES: Files = {
  'models/reference/inputs.yml':
    'settings:\n  filled_by: engine\n  description: One row.\n  columns: { version: { type: integer, description: V. } }\n',
  'models/staging/app/stamps.sql': model(
    ['id text', 'version integer'],
    'select id, version from source where not _deleted',
    'grain: [id]\nsource: app.stamps\nreads: { id: text, version: integer, _deleted: boolean }',
  ),
  'models/core/stamps.sql': model(['id text', 'version integer'], 'select id, version from app_stamps', 'key: id'),
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

/**
 * Builds so many times under so many readers, who also read a view of their own; `hold` is called before every build with a
 * session of a reader. A reader's error is thrown.
 */
export async function buildUnderReaders(
  warehouse: Warehouse,
  config: WarehouseConfig,
  folder: { models: string; sql: string },
  options: { builds: number; readers: number; between?(version: number, reader: Warehouse): void | Promise<void> },
): Promise<Reading> {
  const project = await readModelProject([{ origin: 'revops', ...folder }]);
  const compiled = await compileProject(project, warehouse.engine);
  const shape = {
    connector: 'app',
    table: 'stamps',
    columns: { id: 'text', version: 'integer' },
    primaryKey: ['id'],
  } as const;
  await makeRaw(warehouse, { ...shape, primaryKey: ['id'] });
  const stamp = (version: number, from: number, count: number): Promise<void> =>
    sync(
      warehouse,
      { ...shape, primaryKey: ['id'] },
      {
        rows: Array.from({ length: count }, (_, at) => ({ id: String(from + at), version: String(version) })),
      },
    );
  await stamp(1, 0, 1000);
  await run(warehouse, project, { settings: [{ version: 1 }] }, { compiled });
  await warehouse.execute('create schema mine');
  await warehouse.execute('create view mine.own as select version, n from marts.first');

  // on DuckDB other connections of the same process, on Postgres another pool
  const other =
    config.type === 'postgres' ? await openWarehouse({ ...config, poolSize: options.readers + 2 }) : warehouse;
  const result: Reading = { answers: 0, versions: new Set(), mixed: [], inPlace: 0, longest: 0 };
  const over = new AbortController();
  const reader = async (): Promise<void> => {
    while (!over.signal.aborted) {
      for (const row of await other.query<Record<string, number>>(QUERY)) {
        const versions = Object.values(row);
        result.answers += 1;
        result.versions.add(versions[0] ?? 0);
        if (new Set(versions).size > 1) result.mixed.push(JSON.stringify(row));
      }
      await sleep(3);
    }
  };
  // watched from the start: a reader that fails must not be an unhandled rejection while the builds go on
  const reading = Promise.all(Array.from({ length: options.readers }, reader));
  reading.catch(() => undefined);
  try {
    for (let version = 2; version <= options.builds; version += 1) {
      await stamp(version, (version * 50) % 1000, 50);
      await options.between?.(version, other);
      const start = performance.now();
      const report = await run(
        warehouse,
        project,
        { settings: [{ version }] },
        { compiled, fullRefresh: version % 10 === 0 },
      );
      result.longest = Math.max(result.longest, performance.now() - start);
      if (report.relations.some(({ name, ran }) => name === 'stamps' && ran === 'incremental')) result.inPlace += 1;
    }
    await sleep(50);
  } finally {
    over.abort();
    try {
      await reading;
    } finally {
      if (other !== warehouse) await other.close();
    }
  }
  return result;
}

// --- internal ---

const QUERY = `select first.version as first_version, second.version as second_version, settings.version as settings_version,
  own.version as own_version, (select min(version) from core.numbers) as low, (select max(version) from core.numbers) as high,
  (select max(version) from core.stamps) as stamped
  from marts.first cross join marts.second cross join reference.settings cross join mine.own`;
