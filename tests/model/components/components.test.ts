import { describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import { rollback } from '../../../src/model/changes/rollback.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { DENIED, LINKED, LINKS } from '../linked.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type RawRow } from '../synced.ts';

function link(id: string, one: string, other: string | null, day: string): RawRow {
  return { id, one, other, seen_at: `2026-03-${day}T00:00:00Z` };
}

async function people(warehouse: Warehouse): Promise<string> {
  const rows = await warehouse.query<{ node: string; component: string }>(
    'select node, component from core.people order by component, node',
  );
  return [...new Set(rows.map((row) => row.component))]
    .map(
      (name) =>
        `${name}: ${rows
          .filter((row) => row.component === name)
          .map((row) => row.node)
          .join(' ')}`,
    )
    .join(', ');
}

async function merges(warehouse: Warehouse, buildId: string): Promise<string[]> {
  const rows = await rowsOf(warehouse, `(select * from core.people_merges where build_id = '${buildId}') as merges`);
  return rows.map(
    (row) =>
      `${row['change']} ${row['component_before']} → ${row['component_after']} (${row['nodes']}): ${row['cause']} ${row['cause_node'] ?? ''}-${row['cause_other'] ?? ''}`,
  );
}

describe.each(engines)('%s', (engine) => {
  it('One linking edge makes one of two people: the older name survives, and the log says why', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    for (const shape of [LINKS, DENIED]) await makeRaw(warehouse, shape);
    const project = await projectOf(LINKED);
    const build = (options = {}): ReturnType<typeof run> =>
      run(warehouse, project, {}, { rebuildShare: Infinity, ...options });
    await sync(warehouse, LINKS, {
      rows: [
        link('1', 'mobile', 'anna', '03'),
        link('2', 'desktop', 'anne', '02'),
        link('3', 'tablet', null, '05'),
        link('4', 'kiosk', 'otto', '01'),
      ],
    });
    await build();
    expect(await people(warehouse)).toBe('anna: anna mobile, anne: anne desktop, kiosk: kiosk otto, tablet: tablet');

    await sync(warehouse, LINKS, { rows: [link('5', 'anna', 'anne', '09'), link('6', 'tablet', 'anna', '10')] });
    const merged = await build();
    expect(await people(warehouse)).toBe('anne: anna anne desktop mobile tablet, kiosk: kiosk otto');
    expect(await merges(warehouse, merged.buildId)).toEqual([
      'merge anna → anne (2): edge added anna-anne',
      'merge tablet → anne (1): edge added tablet-anna',
    ]);
    const [step, child] = ['people', 'sizes'].map((name) => merged.relations.find((one) => one.name === name));
    expect(step).toMatchObject({ ran: 'incremental', removed: 3, written: 3 });
    expect(child).toMatchObject({ ran: 'incremental', removed: 3, written: 1 });

    // someone says that they are two: the component comes apart as it was, and no other is touched
    await sync(warehouse, DENIED, { rows: [{ id: 'd', one: 'anne', other: 'anna' }] });
    const denied = await build();
    expect(await people(warehouse)).toBe('anna: anna mobile tablet, anne: anne desktop, kiosk: kiosk otto');
    expect(await merges(warehouse, denied.buildId)).toEqual(['split anne → anna (3): edge denied anne-anna']);
    expect(denied.relations.find(({ name }) => name === 'people')).toMatchObject({ removed: 3, written: 3 });
    expect(await rowsOf(warehouse, 'core.people_edges')).toHaveLength(6);

    // the oldest node goes, an older one comes
    await sync(warehouse, LINKS, {
      rows: [link('7', 'phone', null, '01'), link('9', 'phone', 'anne', '04')],
      vanished: [link('4', 'kiosk', 'otto', '01')],
    });
    await sync(warehouse, LINKS, { rows: [link('8', 'otto', null, '09')] });
    const renamed = await build();
    expect(await people(warehouse)).toBe('anna: anna mobile tablet, otto: otto, phone: anne desktop phone');
    expect(await merges(warehouse, renamed.buildId)).toEqual([
      'merge anne → phone (2): edge added phone-anne',
      'rename kiosk → otto (1): edge removed kiosk-otto',
    ]);
    const before = await people(warehouse);
    const full = await build({ fullRefresh: true });
    expect(await people(warehouse)).toBe(before);
    expect(await merges(warehouse, full.buildId)).toEqual([]);
    await dispose();
  });

  it('Components of many more nodes than were touched merge and come apart like small ones', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    for (const shape of [LINKS, DENIED]) await makeRaw(warehouse, shape);
    const project = await projectOf(LINKED);
    const build = (): ReturnType<typeof run> => run(warehouse, project, {}, { rebuildShare: Infinity });
    const star = (hub: string, day: string): RawRow[] =>
      Array.from({ length: 60 }, (_, leaf) => link(`${hub}${leaf}`, hub, `${hub}_${leaf}`, day));
    const sizes = async (): Promise<string> =>
      JSON.stringify(
        await warehouse.query(
          'select component, cast(count(*) as integer) as nodes from core.people group by component order by component',
        ),
      );
    await sync(warehouse, LINKS, { rows: [...star('anna', '03'), ...star('anne', '02')] });
    await build();
    expect(await sizes()).toBe('[{"component":"anna","nodes":61},{"component":"anne","nodes":61}]');

    await sync(warehouse, LINKS, { rows: [link('both', 'anna', 'anne', '09')] });
    const merged = await build();
    expect(await sizes()).toBe('[{"component":"anne","nodes":122}]');
    expect(merged.relations.find(({ name }) => name === 'people')).toMatchObject({ ran: 'incremental', written: 61 });
    expect(await merges(warehouse, merged.buildId)).toEqual(['merge anna → anne (61): edge added anna-anne']);

    await sync(warehouse, DENIED, { rows: [{ id: 'd', one: 'anne', other: 'anna' }] });
    await build();
    expect(await sizes()).toBe('[{"component":"anna","nodes":61},{"component":"anne","nodes":61}]');
    await dispose();
  });

  it('A build that merged people can be taken back, with its merges', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    for (const shape of [LINKS, DENIED]) await makeRaw(warehouse, shape);
    const project = await projectOf(LINKED);
    const build = (): ReturnType<typeof run> => run(warehouse, project, {}, { rebuildShare: Infinity });
    await sync(warehouse, LINKS, { rows: [link('1', 'a', 'b', '01'), link('2', 'c', 'd', '02')] });
    await build();
    await sync(warehouse, LINKS, { rows: [link('3', 'b', 'c', '03')] });
    await build();
    expect(await people(warehouse)).toBe('a: a b c d');
    expect((await rollback({ warehouse })).ledgers).toEqual([]);
    expect(await people(warehouse)).toBe('a: a b, c: c d');
    expect(await rowsOf(warehouse, 'core.people_merges')).toEqual([]);
    const again = await build();
    expect(await people(warehouse)).toBe('a: a b c d');
    expect(await merges(warehouse, again.buildId)).toEqual(['merge c → a (2): edge added b-c']);
    await dispose();
  });

  it('Edges denied by a list take only what they held together apart', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await makeRaw(warehouse, LINKS);
    const files: Files = {
      ...LINKED,
      'models/reference/inputs.yml':
        'denied_links:\n  filled_by: engine\n  description: Pairs.\n  grain: [one, other]\n  columns: { one: { type: text, description: O. }, other: { type: text, description: O. } }',
      'models/core/people.sql': (LINKED['models/core/people.sql'] ?? '').replace('crm_denied', 'denied_links'),
    };
    delete files['models/staging/crm/denied.sql'];
    const project = await projectOf(files);
    const build = (pairs: { one: string; other: string }[]): ReturnType<typeof run> =>
      run(warehouse, project, { denied_links: pairs }, { rebuildShare: Infinity });
    await sync(warehouse, LINKS, {
      rows: [link('1', 'a', 'b', '01'), link('2', 'b', 'c', '02'), link('3', 'd', 'e', '01')],
    });
    await build([]);
    const apart = await build([{ one: 'b', other: 'c' }]);
    expect(await people(warehouse)).toBe('a: a b, c: c, d: d e');
    expect(apart.relations.find(({ name }) => name === 'people')).toMatchObject({ ran: 'incremental', written: 1 });
    await build([]);
    expect(await people(warehouse)).toBe('a: a b c, d: d e');
    await dispose();
  });
});

it.each([
  ['materialized: ledger', 'a ledger needs a key: its rows are frozen key by key'],
  ['materialized: ledger\nkey: id\nledger: { period: n }', 'ledger.period: n is bigint, not a date or timestamptz'],
  ['materialized: ledger\nkey: id\nledger: { period: day }', 'ledger.period names day, which is no column'],
  [
    'materialized: ledger\nkey: id\nledger: { stamps: [id] }',
    'ledger.stamps: id is in the key or grain, by which rows are compared',
  ],
  [
    'materialized: ledger\nkey: cause',
    "column cause: the ledger's restatements have a column of that name of their own; give it another",
  ],
  [
    'materialized: ledger\nkey: note',
    'column note is json, which has no form that both engines share: a ledger wants text or columns of their own',
  ],
  ['key: id\nledger: { stamps: [n] }', 'ledger: belongs to materialized: ledger'],
  ['components: { nodes: [id, other] }', 'components: belongs to materialized: components'],
  ['materialized: components', 'materialized: components needs components: { nodes: [one, other] }'],
  ['materialized: components\ncomponents: { nodes: [id, id] }', 'components.nodes: an edge has two columns of nodes'],
  ['materialized: components\ncomponents: { nodes: [id, n] }', 'components.nodes: n is bigint; nodes are text'],
  [
    'materialized: components\ncomponents: { nodes: [id, othr] }',
    'components.nodes names othr, which is no column; did you mean other',
  ],
  [
    'materialized: components\ncomponents: { nodes: [id, other], at: n }',
    'components.at: n is bigint, not a date or timestamptz',
  ],
  [
    'materialized: components\ncomponents: { nodes: [id, other], denied: nobody }',
    'components.denied: unknown relation nobody',
  ],
  [
    'materialized: components\ncomponents: { nodes: [id, other], denied: pairs }',
    'components.denied: pairs has no text column other; it names edges by the same columns',
  ],
])('A header that asks for too much is told so: %s', async (header, message) => {
  const columns = ['id text', 'other text', 'n bigint', 'cause text'];
  const note = header.includes('note') ? ['note json'] : [];
  const select = `select 'a' as id, 'b' as other, cast(1 as bigint) as n, 'c' as cause${note.length > 0 ? ', cast(null as json) as note' : ''}`;
  const compiled = async (): Promise<unknown> =>
    compileProject(
      await projectOf({
        'models/core/pairs.sql': model(['id text', 'other bigint'], "select 'a' as id, cast(1 as bigint) as other"),
        'models/core/it.sql': model([...columns, ...note], select, header),
      }),
    );
  await expect(compiled()).rejects.toThrow(message);
});

it('A name that a relation beside a model takes is taken', async () => {
  const files = {
    'models/core/people_edges.sql': model(['id text'], "select 'a' as id"),
    'models/core/people.sql': model(
      ['id text', 'other text'],
      "select 'a' as id, 'b' as other",
      'materialized: components\ncomponents: { nodes: [id, other] }',
    ),
  };
  await expect(async () => compileProject(await projectOf(files))).rejects.toThrow('a second people_edges');
});
