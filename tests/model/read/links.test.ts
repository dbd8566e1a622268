import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readFeeds } from '../../../src/model/index.ts';
import { readModelProject } from '../../../src/model/read/read.ts';
import { readCases } from '../../../src/model/unit/index.ts';
import { model, writeFiles } from '../project.ts';

const FINE = model(['id text'], "select 'a' as id");
const FEED = 'description: Deals.\ngrain: [deal_id]\ncolumns:\n  deal_id: { type: text, description: Id. }\n';
const FILES = {
  'project/models/core/fine.sql': FINE,
  'shared/m.sql': FINE,
  'shared/marts/n.sql': FINE,
  'shared/deals.yml': FEED,
  'shared/sites.csv': 'host\nexample.com\n',
  'shared/functions.sql': 'create macro one() as 1;',
};

/** A project with one link in it: where it is, and where it leads. */
function linked(path: string, target: string): { folder: string; models: string; sql: string; origin: string } {
  const folder = join(writeFiles(FILES), 'project');
  mkdirSync(join(folder, path, '..'), { recursive: true });
  symlinkSync(target, join(folder, path));
  return { folder, models: join(folder, 'models'), sql: join(folder, 'sql'), origin: 'own' };
}

describe('A symbolic link is refused and named, not passed over', () => {
  it.each([
    ['models/core/m.sql', '../../../shared/m.sql'],
    ['models/core/m.sql', '/etc/passwd'],
    ['models/core/m.sql', 'nowhere.sql'],
    ['models/marts', '../../shared/marts'],
    ['models/core/more', '../../../shared/marts'],
    ['models/reference/sites.csv', '../../../shared/sites.csv'],
    ['models/feeds/deals.yml', '../../../shared/deals.yml'],
    ['sql/duckdb/functions.sql', '../../../shared/functions.sql'],
    ['sql/duckdb', '../../shared'],
  ])('%s -> %s', async (path, target) => {
    await expect(readModelProject([linked(path, target)])).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(new RegExp(`^${path}: a symbolic link, .*put the file or folder itself here`)),
    });
  });

  it.each([
    ['models/feeds/deals.yml', '../../../shared/deals.yml'],
    ['models/feeds', '../../shared'],
  ])('%s -> %s, where only feeds are read', async (path, target) => {
    await expect(readFeeds([linked(path, target)])).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(`${path}: a symbolic link`),
    });
  });

  it.each(['fixtures/cases/fine', 'fixtures/cases/fine/one'])('%s, where cases are read', async (path) => {
    const { folder } = linked(path, '/tmp');
    await expect(readCases([{ origin: 'own', folder: join(folder, 'fixtures/cases') }])).rejects.toMatchObject({
      code: 'CASE_INVALID',
      message: expect.stringContaining(`${path} is a symbolic link`),
    });
  });
});

it.each([
  // what Emacs leaves beside a file that is open
  ['models/core/.#fine.sql', 'ann@example.4711'],
  ['models/README', '../../shared/m.sql'],
])('A link that is no model is nobody’s business: %s', async (path, target) => {
  expect((await readModelProject([linked(path, target)])).models.map(({ name }) => name)).toEqual(['fine']);
});
