import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import type { TestWarehouse } from '../support/warehouses.ts';
import type { Column } from '../../src/warehouse/types.ts';
for (const engine of engines) {
  describe(engine, () => {
    let test: TestWarehouse;
    beforeAll(async () => { test = await openTestWarehouse(engine); });
    afterAll(() => test.dispose());
    it('answers', async () => {
      expect(await test.warehouse.query('select 1 as a, cast($1 as text) as b', ['x'])).toEqual([{ a: 1, b: 'x' }]);
    });
    it('loads', async () => {
      const w = test.warehouse;
      const columns: Column[] = [{ name: 'a', type: 'text' }, { name: 'b', type: 'integer' }, { name: 'c', type: 'decimal(18,6)' }, { name: 'd', type: 'date' }, { name: 'e', type: 'timestamptz' }, { name: 'f', type: 'json' }, { name: 'g', type: 'boolean' }, { name: 'h', type: 'double' }, { name: 'i', type: 'bigint' }];
      const rows = ['"a ""q"" \r\n\\.\n\\,é😀",1,1.500000,2024-02-29,2024-01-01T00:00:00.123456Z,"{""a"":[1,""x\\n""]}",true,1e300,9223372036854775807', '"",,,,,,,,', ',,,,,,,,', '"' + 'x'.repeat(1e6) + '",2,-0.000001,1999-12-31,1970-01-01T00:00:00Z,"[]",false,-0.1,-5'];
      const file = join(tmpdir(), 'revops-load-x.csv.zst');
      await writeFile(file, zstdCompressSync(rows.join('\n') + '\n'));
      const out = await w.transaction(async (s) => {
        await s.execute('create schema s');
        await s.execute(`create table s.t (${columns.map((c) => `"${c.name}" ${w.typeName(c.type)}`).join(', ')})`);
        expect(await s.load({ schema: 's', name: 't' }, columns, file)).toBe(4);
        return s.query('select * from s.t');
      });
      console.log(JSON.stringify(out.map((r) => ({ ...r, i: String(r['i']), a: String(r['a']).slice(0, 30) }))));
      expect(await w.describe({ schema: 's', name: 't' })).toEqual(columns);
      expect(await w.describe({ schema: 's', name: 'nix' })).toBe(null);
      console.log(await w.describeQuery('select *, sum(b) over () as s, count(*) over () as n from s.t'));
      console.log(await w.relations('s'), await w.relations('nix'));
      const sizes = [];
      for await (const rows of w.stream('select * from generate_series(1, $1::int) as g(x)', [12000])) sizes.push(rows.length);
      console.log(sizes);
      console.log(await w.describeQuery('select nix from s.t').catch((e: unknown) => String(e)));
      expect(await w.execute('update s.t set b = 7 where b = $1', [1])).toBe(1);
    });
  });
}
