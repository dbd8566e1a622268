import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { rowsSelect } from '../../src/model/build/rows.ts';
import { writeSpool } from '../../src/testing/index.ts';
import { identifier, literal, qualified } from '../../src/warehouse/sql.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import type { TestWarehouse } from '../support/warehouses.ts';

/** Any text but NUL characters, which Postgres cannot store, and a leading byte order mark, which DuckDB's driver drops when reading. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom('"', "'", '\\', '\n', '\r', ',', ';', '--', '/*', '$1', '?', '{', '}', '%', '😀', 'é', ' '),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('')),
  )
  .map((value) => value.replaceAll('\0', '').replace(/^\uFEFF+/, ''));
const name = text.filter((value) => value.length > 0 && Buffer.byteLength(value) <= 63);
const huge = fc
  .tuple(name, fc.constant(1_000_000))
  .map(([part, length]) => part.repeat(Math.ceil(length / part.length)));
const settings = { seed: 20_260_301, numRuns: 40 };

for (const engine of engines) {
  describe(`any text on ${engine}`, () => {
    let test: TestWarehouse;
    let folder: string;
    beforeAll(async () => {
      test = await openTestWarehouse(engine);
      folder = await mkdtemp(join(tmpdir(), 'revops-test-'));
    });
    afterAll(async () => {
      await test.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    it('is itself as a literal, as a parameter, in a list that models read, and after a load', async () => {
      const columns = [{ name: 't', type: 'text' }] as const;
      await test.warehouse.execute('create schema fuzz');
      await test.warehouse.execute('create table fuzz.loaded (t text)');
      const holds = async (values: string[]): Promise<void> => {
        for (const value of values) {
          expect(await test.warehouse.query(`select ${literal(value)} as t, cast($1 as text) as p`, [value])).toEqual([
            { t: value, p: value },
          ]);
        }
        const given = rowsSelect(
          test.warehouse,
          'a list',
          columns,
          values.map((t) => ({ t })),
        );
        const listed = await test.warehouse.query<{ t: string }>(given);
        expect(listed.map((row) => row.t).toSorted()).toEqual(values.toSorted());
        const file = join(folder, 'x.csv.zst');
        await writeSpool(
          file,
          columns,
          values.map((value) => [value]),
        );
        await test.warehouse.execute('delete from fuzz.loaded');
        expect(await test.warehouse.load({ schema: 'fuzz', name: 'loaded' }, columns, file)).toBe(values.length);
        const loaded = await test.warehouse.query<{ t: string }>('select t from fuzz.loaded');
        expect(loaded.map((row) => row.t).toSorted()).toEqual(values.toSorted());
      };
      await fc.assert(fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), holds), settings);
      await fc.assert(
        fc.asyncProperty(
          huge.map((value) => [value]),
          holds,
        ),
        { ...settings, numRuns: 3 },
      );
    });

    it('of up to 63 bytes is the name of a schema, a table and a column', async () => {
      const named = async (schema: string, table: string, column: string): Promise<void> => {
        await test.warehouse.transaction(async (session) => {
          await session.execute(`create schema ${identifier(schema)}`);
          await session.execute(`create table ${qualified({ schema, name: table })} (${identifier(column)} text)`);
          expect(await session.describe({ schema, name: table })).toEqual([{ name: column, type: 'text' }]);
          expect(await session.relations(schema)).toEqual([{ schema, name: table, kind: 'table' }]);
          await session.execute(`insert into ${qualified({ schema, name: table })} values ('x')`);
          expect(
            await session.query(`select ${identifier(column)} from ${qualified({ schema, name: table })}`),
          ).toEqual([{ [column]: 'x' }]);
          await session.execute(`drop table ${qualified({ schema, name: table })}`);
          await session.execute(`drop schema ${identifier(schema)}`);
        });
      };
      const schema = name.map((value) => `s${value}`).filter((value) => Buffer.byteLength(value) <= 63);
      await fc.assert(fc.asyncProperty(schema, name, name, named), settings);
    });
  });
}
