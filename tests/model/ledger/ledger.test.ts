import { describe, expect, it } from 'vitest';

import { digestsOf, ledgersOf, verifyLedger } from '../../../src/model/ledger/ledger-digest.ts';
import type { LedgerColumn } from '../../../src/model/ledger/ledger-store.ts';
import type { BuildOptions } from '../../../src/model/build/build-options.ts';
import type { ModelProject } from '../../../src/model/contract.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type RawRow, type RawTableShape } from '../synced.ts';

const DEALS: RawTableShape = {
  connector: 'crm',
  table: 'deals',
  columns: { id: 'text', part: 'bigint', amount: 'decimal(18,6)', settled_at: 'timestamptz', owner: 'text' },
  primaryKey: ['id', 'part'],
};

const HEADER = [
  'grain: [deal_id, part]',
  'materialized: ledger',
  'key: deal_id',
  'wakes_at: deals.settled_at',
  'ledger: { period: settled_at, stamps: [locked_at] }',
].join('\n');
const SELECT =
  'select deal_id, part, amount, cast(amount as double precision) / 3 as third, settled_at, clock.now_at as locked_at from deals cross join clock where settled_at <= clock.now_at';
const COLUMNS = [
  'deal_id text',
  'part bigint',
  'amount decimal(18,6)',
  'third double',
  'settled_at timestamptz',
  'locked_at timestamptz',
];

function filesOf(changes: Files = {}): Files {
  return {
    'models/reference/inputs.yml': [
      'clock:',
      '  filled_by: engine',
      '  description: One row.',
      '  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }',
    ].join('\n'),
    'models/staging/crm/deals.sql': model(
      ['deal_id text', 'part bigint', 'amount decimal(18,6)', 'settled_at timestamptz', 'owner text'],
      'select id as deal_id, part, amount, settled_at, owner from source where not _deleted',
      'grain: [deal_id, part]\nsource: crm.deals\nreads: { id: text, part: bigint, amount: "decimal(18,6)", settled_at: timestamptz, owner: text, _deleted: boolean }',
    ),
    'models/core/deals.sql': model(
      ['deal_id text', 'part bigint', 'amount decimal(18,6)', 'settled_at timestamptz', 'owner text'],
      'select deal_id, part, amount, settled_at, owner from crm_deals',
      'grain: [deal_id, part]\nkey: deal_id',
    ),
    'models/core/credits.sql': model(COLUMNS, SELECT, HEADER),
    'models/marts/totals.sql': model(
      ['deal_id text', 'amount decimal(18,6)'],
      'select deal_id, cast(sum(amount) as decimal(18,6)) as amount from credits group by deal_id',
      'key: deal_id',
    ),
    ...changes,
  };
}

function deal(id: string, part: string, amount: string, day: string, owner = 'me'): RawRow {
  return { id, part, amount, settled_at: `2026-03-${day}T00:00:00Z`, owner };
}

describe.each(engines)('%s', (engine) => {
  async function setUp(): Promise<{
    warehouse: Warehouse;
    build: (day: string, project?: ModelProject, options?: Partial<BuildOptions>) => ReturnType<typeof run>;
    dispose: () => Promise<void>;
  }> {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await makeRaw(warehouse, DEALS);
    await sync(warehouse, DEALS, {
      rows: [
        deal('a', '1', '10', '01'),
        deal('a', '2', '20', '01'),
        deal('b', '1', '5', '09'),
        deal('c', '1', '7', '01'),
      ],
    });
    const own = await projectOf(filesOf());
    return {
      warehouse,
      dispose,
      build: (day, project = own, options = {}) =>
        run(
          warehouse,
          project,
          { clock: [{ now_at: `2026-03-${day}T12:00:00Z`, today: `2026-03-${day}` }] },
          { rebuildShare: Infinity, now: () => new Date(`2026-03-${day}T12:00:00Z`), ...options },
        ),
    };
  }

  const frozen = async (warehouse: Warehouse): Promise<string[]> =>
    (await rowsOf(warehouse, 'core.credits')).map(
      (row) => `${row['deal_id']} ${row['part']} ${row['amount']} ${String(row['locked_at']).slice(8, 10)}`,
    );
  const restated = async (warehouse: Warehouse): Promise<string[]> =>
    (
      await warehouse.query(
        'select deal_id, part, change, changed_columns, locked_amount, known_amount, cause, build_id from core.credits_restatements order by build_id, deal_id, part, change',
      )
    ).map((row) =>
      [
        `${row['build_id']} ${row['deal_id']} ${row['part']} ${row['change']}`,
        ...(row['changed_columns'] === null ? [] : [`(${row['changed_columns']})`]),
        `${row['locked_amount'] ?? '-'} → ${row['known_amount'] ?? '-'}: ${row['cause']}`,
      ].join(' '),
    );

  it('Rows are frozen when their time comes; what they would be by now is restated once, and the ledger stays', async () => {
    const { warehouse, build, dispose } = await setUp();
    await build('02');
    const first = ['a 1 10.000000 02', 'a 2 20.000000 02', 'c 1 7.000000 02'];
    expect(await frozen(warehouse)).toEqual(first);

    await sync(warehouse, DEALS, {
      rows: [deal('a', '1', '11', '01'), deal('a', '3', '30', '01')],
      vanished: [deal('c', '1', '7', '01')],
    });
    const late = await build('03');
    expect(late.relations.find(({ name }) => name === 'credits')).toMatchObject({ ran: 'incremental', written: 0 });
    const said = [
      'b2 a 1 changed (amount, third) 10.000000 → 11.000000: late data',
      'b2 a 3 added - → 30.000000: late data',
      'b2 c 1 removed 7.000000 → -: late data',
    ];
    expect(await frozen(warehouse)).toEqual(first);
    expect(await restated(warehouse)).toEqual(said);

    // nothing else changed: nothing is said again, whatever is computed anew
    await sync(warehouse, DEALS, { rows: [deal('a', '2', '20', '01', 'you')] });
    await build('04');
    await build('04', undefined, { fullRefresh: true });
    expect(await restated(warehouse)).toEqual(said);

    await sync(warehouse, DEALS, { rows: [deal('a', '1', '10', '01')], vanished: [deal('a', '3', '30', '01')] });
    await build('10');
    expect(await frozen(warehouse)).toEqual([...first, 'b 1 5.000000 10'].toSorted());
    expect((await restated(warehouse)).slice(3)).toEqual([
      'b5 a 1 restored 10.000000 → 10.000000: late data',
      'b5 a 3 restored - → -: late data',
    ]);
    expect(await verifyLedger(warehouse, 'credits')).toEqual([]);
    await dispose();
  });

  it('A definition that changes restates and never rewrites; a new column is filled from its build on', async () => {
    const { warehouse, build, dispose } = await setUp();
    await build('02');
    const project = await projectOf(
      filesOf({
        'models/core/credits.sql': model(
          [...COLUMNS.slice(0, 4), 'owner text', ...COLUMNS.slice(4)],
          SELECT.replace('part, amount,', 'part, cast(amount * 2 as decimal(18,6)) as amount,').replace(
            'settled_at,',
            'owner, settled_at,',
          ),
          HEADER,
        ),
      }),
    );
    await build('10', project);
    expect(await frozen(warehouse)).toEqual([
      'a 1 10.000000 02',
      'a 2 20.000000 02',
      'b 1 10.000000 10',
      'c 1 7.000000 02',
    ]);
    expect(await restated(warehouse)).toEqual([
      'b2 a 1 changed (amount) 10.000000 → 20.000000: definition',
      'b2 a 2 changed (amount) 20.000000 → 40.000000: definition',
      'b2 c 1 changed (amount) 7.000000 → 14.000000: definition',
    ]);
    const owners = await warehouse.query('select deal_id, owner from core.credits where part = 1 order by deal_id');
    expect(owners.map((row) => row['owner'])).toEqual([null, 'me', null]);
    expect(await verifyLedger(warehouse, 'credits')).toEqual([]);
    await dispose();
  });

  it('A column that its model no longer has stays with the rows that were frozen with it', async () => {
    const { warehouse, build, dispose } = await setUp();
    await build('02');
    const narrower = SELECT.replace(' cast(amount as double precision) / 3 as third,', '');
    const project = await projectOf(
      filesOf({ 'models/core/credits.sql': model(COLUMNS.toSpliced(3, 1), narrower, HEADER) }),
    );
    await build('10', project);
    expect(await frozen(warehouse)).toHaveLength(4);
    expect(await restated(warehouse)).toEqual([]);
    expect(await verifyLedger(warehouse, 'credits')).toEqual([]);
    const kept = await warehouse.query('select third from revops_store.credits__kept where deal_id = $1', ['c']);
    expect(kept).toEqual([{ third: expect.closeTo(7 / 3) }]);
    await dispose();
  });

  it('Rows edited, taken out or put in by hand are found, with their period and build', async () => {
    const { warehouse, build, dispose } = await setUp();
    await build('02');
    await build('10');
    const table = 'revops_store.credits__kept';
    const found = async (sql: string): Promise<unknown> => {
      const before = await warehouse.query(`select * from ${table}`);
      expect(before).toHaveLength(4);
      await warehouse.execute(sql);
      const breaches = (
        await Promise.all((await ledgersOf(warehouse)).map((name) => verifyLedger(warehouse, name)))
      ).flat();
      return breaches.map((breach) => `${breach.period} ${breach.buildId} ${breach.frozenRows} ${breach.foundRows}`);
    };
    expect(await found(`update ${table} set amount = amount where deal_id = 'a'`)).toEqual([]);
    expect(await found(`update ${table} set third = third * 2 where deal_id = 'b'`)).toEqual(['2026-03 b2 1 1']);
    expect(await found(`update ${table} set third = third / 2 where deal_id = 'b'`)).toEqual([]);
    expect(await found(`update ${table} set _period = '2026-02' where deal_id = 'b'`)).toEqual([
      '2026-02 b2 0 1',
      '2026-03 b2 1 0',
    ]);
    expect(await found(`delete from ${table} where deal_id = 'c'`)).toContain('2026-03 b1 3 2');
    await warehouse.execute(`drop table ${table} cascade`);
    await expect(build('11')).rejects.toThrow(/the ledger credits is gone/);
    await dispose();
  });

  it('A ledger outlives its model, and keeps its form', async () => {
    const { warehouse, build, dispose } = await setUp();
    await build('02');
    const files = filesOf();
    delete files['models/core/credits.sql'];
    delete files['models/marts/totals.sql'];
    const without = await projectOf(files);
    for (const day of ['03', '04', '05']) await build(day, without);
    expect((await warehouse.relations('core')).map(({ name }) => name)).not.toContain('credits');
    await sync(warehouse, DEALS, { vanished: [deal('a', '1', '10', '01'), deal('a', '2', '20', '01')], rows: [] });
    await build('06');
    expect(await frozen(warehouse)).toEqual(['a 1 10.000000 02', 'a 2 20.000000 02', 'c 1 7.000000 02']);
    expect(await restated(warehouse)).toHaveLength(2);

    const retyped = SELECT.replace('amount,', 'cast(amount as double precision) as amount,');
    const other = await projectOf(
      filesOf({ 'models/core/credits.sql': model(COLUMNS.with(2, 'amount double'), retyped, HEADER) }),
    );
    await expect(build('07', other)).rejects.toThrow(/holds amount as decimal\(18,6\); the model gives double/);
    const regrained = await projectOf(
      filesOf({
        'models/core/credits.sql': model(COLUMNS, SELECT, HEADER.replace('[deal_id, part]', '[deal_id, part, amount]')),
      }),
    );
    await expect(build('07', regrained)).rejects.toThrow(
      /has part as grain besides its key; the model has part, amount/,
    );
    expect(await frozen(warehouse)).toHaveLength(3);
    await dispose();
  });
});

it('Both engines digest the same rows alike', async () => {
  const values = [
    `'a', 1.5, 0.1, true, date '2026-03-01', timestamptz '2026-03-01 10:11:12.131415+00', 12345678901`,
    `null, null, null, null, null, null, null`,
    `'é''x', -0.5, -0.0, false, date '1999-12-31', timestamptz '1999-12-31 23:59:59.999999+00', -1`,
    `'', 0, 1e-300, true, date '2026-03-01', timestamptz '2026-03-01 00:00:00+00', 0`,
  ];
  const types = ['text', 'decimal(18,6)', 'double', 'boolean', 'date', 'timestamptz', 'bigint'] as const;
  const columns = types.map((type, index): LedgerColumn => ({
    name: `c${index}`,
    type,
    role: 'value',
    since: index === 4 ? 2 : 1,
  }));
  const made: unknown[] = [];
  for (const engine of engines) {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const outputs = types.map((type, index) => `cast(c${index} as ${warehouse.typeName(type)}) as c${index}`);
    const names = types.map((_, index) => `c${index}`).join(', ');
    const rows = `select ${outputs.join(', ')}, cast(_build as bigint) as _build, _period from (values ${values.map((row, index) => `(${row}, ${1 + (index % 2)}, '2026-0${1 + (index % 2)}')`).join(', ')}) as given(${names}, _build, _period)`;
    made.push(await digestsOf(warehouse, columns, rows));
    await dispose();
  }
  expect(made[1]).toEqual(made[0]);
  expect(made[0]).toHaveLength(2);
});
