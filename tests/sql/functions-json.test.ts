import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { engines, openTestWarehouse } from '../support/warehouses.ts';

const JSON_VALUE = `{"a":"x","n":1.5,"i":-12,"b":false,"l":[1],"o":{"a":1},"z":null,"$d":"y","a.b":"dot","é ö":"ä"}`;

/** Kind and text of each member. */
const EXPECTED: [string, string | null, string | null][] = [
  ['a', 'text', 'x'],
  ['n', 'number', '1.5'],
  ['i', 'number', '-12'],
  ['b', 'boolean', 'false'],
  ['l', 'list', null],
  ['o', 'object', null],
  ['z', 'null', null],
  ['missing', null, null],
  ['$d', 'text', 'y'],
  ['a.b', 'text', 'dot'],
  ['é ö', 'text', 'ä'],
];

test('Members of JSON objects have the same kind and text on both engines, whatever their names.', async () => {
  for (const engine of engines) {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await warehouse.script(
        await readFile(join(import.meta.dirname, `../../sql/${engine}/functions-json.sql`), 'utf8'),
      );
      const value = `cast('${JSON_VALUE}' as ${warehouse.typeName('json')})`;
      for (const [name, kind, text] of EXPECTED) {
        const [row] = await warehouse.query(
          `select json_kind(value, '${name}') as kind, json_text(value, '${name}') as text, json_member(value, '${name}') is null as is_missing
           from (select ${value} as value) as given`,
        );
        expect.soft(row, `${engine}: ${name}`).toEqual({ kind, text, is_missing: kind === null });
      }
      const [nothing] = await warehouse.query(
        `select json_kind(value, 'a') as kind, json_text(value, 'a') as text from (select cast('[1]' as ${warehouse.typeName('json')}) as value) as given`,
      );
      expect(nothing, engine).toEqual({ kind: null, text: null });
    } finally {
      await dispose();
    }
  }
});
