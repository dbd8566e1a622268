import { expect, it } from 'vitest';

import { connect } from '../../../src/model/components/connect.ts';
import { ensureStore } from '../../../src/model/store/store.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';

/** A number without pattern for each number: the same on every machine. */
function scattered(value: number): number {
  return Number((BigInt(value) * 0x9e3779b97f4a7c15n) & 0x7fffffffn);
}

/** Links of a long path, a star, a ring, and a random graph that falls into many components and a large one. */
function links(): [number, number][] {
  const path = Array.from({ length: 600 }, (_, at): [number, number] => [at, at + 1]);
  const star = Array.from({ length: 300 }, (_, at): [number, number] => [10_000, 10_001 + at]);
  const ring = Array.from({ length: 101 }, (_, at): [number, number] => [20_000 + at, 20_000 + ((at + 1) % 101)]);
  const random = Array.from({ length: 1500 }, (_, at): [number, number] => [
    30_000 + (scattered(at) % 2000),
    30_000 + (scattered(at + 77_777) % 2000),
  ]);
  const twice: [number, number][] = [
    [40_000, 40_001],
    [40_001, 40_000],
    [40_000, 40_001],
  ];
  return [...path, ...star, ...ring, ...random.filter(([u, v]) => u !== v), ...twice];
}

it.each(engines)('On %s whatever is linked, near or far, has one root, and nothing else has it', async (engine) => {
  const { warehouse, dispose } = await openTestWarehouse(engine);
  await ensureStore(warehouse);
  const given = links();
  const wanted = new Map<number, number>();
  const find = (vertex: number): number => {
    let at = vertex;
    while ((wanted.get(at) ?? at) !== at) at = wanted.get(at) ?? at;
    return at;
  };
  for (const [u, v] of given) {
    const [one, other] = [find(u), find(v)];
    wanted.set(one, Math.min(one, other));
    wanted.set(other, Math.min(one, other));
  }
  for (const number of [(value: number) => value, scattered]) {
    const values = given.map(([u, v]) => `(${number(u)}, ${number(v)})`).join(', ');
    const sql = await connect(
      warehouse,
      (kind) => `graph__b1__${kind}`,
      `select cast(u as bigint) as u, cast(v as bigint) as v from (values ${values}) as given(u, v)`,
    );
    const rows = await warehouse.query<{ vertex: number; root: number }>(sql);
    const rootOf = new Map(rows.map(({ vertex, root }) => [vertex, root]));
    const vertices = [...new Set(given.flat())];
    expect(rows).toHaveLength(vertices.length);
    const groups = new Map<number, Set<number | undefined>>();
    for (const vertex of vertices) {
      const group = groups.get(find(vertex)) ?? new Set();
      groups.set(find(vertex), group.add(rootOf.get(number(vertex))));
    }
    expect([...groups.values()].filter((roots) => roots.size !== 1)).toEqual([]);
    expect(new Set(rootOf.values()).size).toBe(groups.size);
    // nothing is left but what the answer is read from
    expect((await warehouse.relations('revops_store')).map(({ name }) => name)).toEqual(['graph__b1__ends_0']);
    await warehouse.execute('drop table revops_store.graph__b1__ends_0');
  }
  await dispose();
});
