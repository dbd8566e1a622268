/** The staging models against what the connector's streams and the feeds declare. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { stripe } from '../../../connectors/stripe/index.ts';
import { columnType } from '../../../src/connector/columns.ts';
import { optionsFor } from './connection.ts';

interface Header {
  source: string;
  reads: Record<string, string>;
  feeds?: string;
  columns: Record<string, { type: string }>;
}

const ROOT = join(import.meta.dirname, '../../..');
const models = globSync('models/staging/stripe/*.sql', { cwd: ROOT })
  .toSorted()
  .map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return { name: basename(file, '.sql'), header: parse(/\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '') as Header };
  });
const { streams } = stripe(optionsFor({ url: 'http://127.0.0.1:9' }));

describe('the staging models', () => {
  it('stand on one stream each, all of them', () => {
    expect(models.map(({ header }) => header.source)).toEqual(
      streams.map((stream) => `stripe.${stream.name}`).toSorted(),
    );
    expect(
      models.map(({ name, header }) => [header.source, `stripe.${name}`]).filter(([source, name]) => source !== name),
    ).toEqual([]);
  });

  for (const { name, header } of models) {
    it(`read columns the stream has, with their types: ${name}`, () => {
      const stream = streams.find((candidate) => `stripe.${candidate.name}` === header.source);
      const declared = Object.entries(stream?.schema ?? {}).map(([column, schema]) => [column, columnType(schema)]);
      expect(Object.fromEntries([...declared, ['_deleted', 'boolean']])).toMatchObject(header.reads);
    });
  }

  for (const { name, header } of models.filter((model) => model.header.feeds !== undefined)) {
    it(`give the columns of their feed, in order and type: ${name}`, () => {
      const feed = parse(readFileSync(join(ROOT, `models/feeds/${header.feeds}.yml`), 'utf8')) as Header;
      const shape = (columns: Header['columns']): string[][] =>
        Object.entries(columns).map(([column, { type }]) => [column, type]);
      expect(shape(header.columns)).toEqual(shape(feed.columns));
    });
  }
});
