import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { SCHEMAS, schemaText } from './schemas.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What an editor would say of a file: as JSON has it, without dates and other types of YAML. */
function isTaken(schema: z.ZodType, file: string): boolean {
  return schema.safeParse(JSON.parse(JSON.stringify(parse(file)))).success;
}

function read(name: string): z.ZodType {
  const found = SCHEMAS.find((schema) => schema.name === name);
  return z.fromJSONSchema(JSON.parse(found === undefined ? '{}' : schemaText(found)) as never);
}

describe('the JSON Schema', () => {
  it.each(SCHEMAS.filter(({ name }) => name !== 'tracking-plan').map(({ name, files }) => [name, files] as const))(
    'of a %s takes every such file of the repository (%s)',
    (name, pattern) => {
      const schema = read(name);
      const files = globSync(pattern, { cwd: ROOT });
      expect(files.length).toBeGreaterThan(2);
      const refused = files.filter((file) => !isTaken(schema, readFileSync(join(ROOT, file), 'utf8')));
      expect(refused).toEqual([]);
    },
  );

  it.each([
    ['feed', 'description: x\ngrain: [a]\ncolumns: { a: { type: number, description: A. } }'],
    ['feed', 'description: x\ngrain: [a]\ncolumns: { a: { type: text, description: A. } }\nkey: a'],
    ['feed', 'description: x\ncolumns: { a: { type: text, description: A. } }'],
    ['reference', 'settings: { description: x, filled_by: me }'],
    ['case', 'given: {}\nexpected: []'],
    ['case', 'given: 1'],
    ['tracking-plan', 'events: { signup: { priority: high } }'],
    ['tracking-plan', 'event: {}'],
  ])('of a %s refuses %j', (name, text) => {
    expect(isTaken(read(name), text)).toBe(false);
  });

  it('of a tracking plan takes one', () => {
    const plan =
      'version: 3\nsources: { site: client }\nevents:\n  signup: { properties: { plan: text, seats: { type: number, required: false } } }';
    expect(isTaken(read('tracking-plan'), plan)).toBe(true);
  });
});
