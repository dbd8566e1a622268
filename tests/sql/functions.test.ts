import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { engines, openTestWarehouse } from '../support/warehouses.ts';

/** What each expression must give, on both engines. */
const EXPECTED: [string, unknown][] = [
  [`local_date(timestamptz '2024-03-30 22:59:59Z', 'Europe/Berlin')`, '2024-03-30'],
  [`local_date(timestamptz '2024-03-30 23:00:00Z', 'Europe/Berlin')`, '2024-03-31'],
  [`local_date(timestamptz '2024-03-31 21:59:59Z', 'Europe/Berlin')`, '2024-03-31'],
  [`local_date(timestamptz '2024-03-31 22:00:00Z', 'Europe/Berlin')`, '2024-04-01'],
  [`local_date(timestamptz '2024-03-31 10:59:59Z', 'Pacific/Auckland')`, '2024-03-31'],
  [`timestamptz '2024-04-01 00:00:00Z' - elapsed_days(2)`, '2024-03-30T00:00:00.000000Z'],
  [`seconds_between(timestamptz '2024-01-01 00:00:00Z', timestamptz '2024-01-02 00:00:01.5Z')`, 86_401.5],
  [`seconds_between(timestamptz '2024-01-02 00:00:00Z', timestamptz '2024-01-01 00:00:00Z')`, -86_400],
  [`period_start(date '2024-02-29', 'day', 'monday')`, '2024-02-29'],
  [`period_start(date '2024-03-31', 'week', 'monday')`, '2024-03-25'],
  [`period_start(date '2024-04-01', 'week', 'monday')`, '2024-04-01'],
  [`period_start(date '2024-03-30', 'week', 'sunday')`, '2024-03-24'],
  [`period_start(date '2024-03-31', 'week', 'sunday')`, '2024-03-31'],
  [`period_start(date '2024-12-31', 'week', 'monday')`, '2024-12-30'],
  [`period_start(date '2024-02-29', 'month', 'sunday')`, '2024-02-01'],
  [`period_start(date '2024-06-30', 'quarter', 'monday')`, '2024-04-01'],
  [`next_period_start(date '2024-02-28', 'day')`, '2024-02-29'],
  [`next_period_start(date '2024-12-30', 'week')`, '2025-01-06'],
  [`next_period_start(date '2024-01-01', 'month')`, '2024-02-01'],
  [`next_period_start(date '2024-10-01', 'quarter')`, '2025-01-01'],
  [`(select count(*) from (select dense_periods(date '2024-01-01', date '2024-12-30', 'week')) as w)`, 53],
  [`(select count(*) from (select dense_periods(date '2024-02-01', date '2024-01-01', 'month')) as w)`, 0],
  [`decimal_ratio(cast(1 as decimal(18,9)), cast(3 as decimal(18,9)))`, '0.333333333333'],
  [`decimal_ratio(cast(2 as decimal(18,9)), cast(3 as decimal(18,9)))`, '0.666666666667'],
  [`decimal_ratio(cast(1 as decimal(18,9)), cast(17366.5 as decimal(18,9)))`, '0.000057582127'],
  [`decimal_ratio(cast(53000.123456789 as decimal(18,9)), cast(0.33 as decimal(18,9)))`, '160606.434717542424'],
  [`decimal_ratio(cast(999999999 as decimal(18,9)), cast(0.0001 as decimal(18,9)))`, '9999999990000.000000000000'],
  [`byte_order('B') < byte_order('a') and byte_order('z') < byte_order('é')`, true],
  [
    `(select (matrix_inverse(array_agg(cell order by number), 2))[4] from (values (1, cast(2 as double precision)), (2, 1), (3, 1), (4, 3)) as cells(number, cell))`,
    0.4,
  ],
];

for (const engine of engines) {
  test(`${engine}: the function library gives the same on every engine.`, async () => {
    const opened = await openTestWarehouse(engine);
    try {
      const file = join(import.meta.dirname, '../../sql', engine, 'functions.sql');
      await opened.warehouse.script(await readFile(file, 'utf8'));
      for (const [expression, expected] of EXPECTED) {
        // oxlint-disable-next-line no-await-in-loop -- one connection
        const [row] = await opened.warehouse.query<{ value: unknown }>(`select ${expression} as value`);
        expect.soft(row?.value, expression).toEqual(expected);
      }
    } finally {
      await opened.dispose();
    }
  });
}
