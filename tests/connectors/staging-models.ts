/**
 * The staging models of a connector against what its streams and the feeds declare.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { columnType } from '../../src/connector/columns.ts';
import type { Connector } from '../../src/connector/contract.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Tests: each stream has its model of the same name, which reads columns the stream has and gives those of its feed. */
export function testStagingModels({ name: connector, streams }: Connector): void {
  const models = globSync(`models/staging/${connector}/*.sql`, { cwd: ROOT })
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return { name: basename(file, '.sql'), header: parse(/\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '') as Header };
    });

  describe('the staging models', () => {
    it('stand on one stream each, all of them', () => {
      expect(models.map(({ header }) => header.source)).toEqual(
        streams.map((stream) => `${connector}.${stream.name}`).toSorted(),
      );
      expect(
        models
          .map(({ name, header }) => [header.source, `${connector}.${name}`])
          .filter(([source, name]) => source !== name),
      ).toEqual([]);
    });

    for (const { name, header } of models) {
      it(`read columns the stream has, with their types: ${name}`, () => {
        const stream = streams.find((candidate) => `${connector}.${candidate.name}` === header.source);
        const declared = Object.entries(stream?.schema ?? {}).map(([column, schema]) => [column, columnType(schema)]);
        const versioned = header.history === true ? [['_replaced_at', 'timestamptz']] : [];
        expect(
          Object.fromEntries([...declared, ['_as_of', 'timestamptz'], ['_deleted', 'boolean'], ...versioned]),
        ).toMatchObject(header.reads);
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
}

// --- internal ---

interface Header {
  source: string;
  reads: Record<string, string>;
  history?: boolean;
  feeds?: string;
  columns: Record<string, { type: string }>;
}
