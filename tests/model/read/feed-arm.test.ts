import { join } from 'node:path';
import { expect, test } from 'vitest';

import { compileProject, feedArm, readFeeds, readModelProject } from '../../../src/model/index.ts';
import { engines } from '../../support/warehouses.ts';
import { writeFiles } from '../project.ts';

const root = join(import.meta.dirname, '../../..');
const packaged = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };

test('A stream with the columns of a feed needs no staging model: for every feed, one of a project too, one is made that compiles and joins it.', async () => {
  const folder = writeFiles({
    'models/feeds/refunds.yml': `description: Money given back. One row per refund.
grain: [refund_id]
columns:
  refund_id: { type: text, description: Id. }
  items: { type: integer, description: How many. }
  amount: { type: 'decimal(18,6)', description: How much. }
  details: { type: json, description: The rest. }
`,
  });
  const own = { origin: 'own', models: join(folder, 'models'), sql: join(folder, 'sql') };
  const feeds = await readFeeds([packaged, own]);
  const models = feeds.map((feed) => feedArm(feed, 'some-files', feed.name));
  const arms = { origin: 'feed', models, duckdb: [], postgres: [], checks: [] };
  for (const engine of engines) {
    // oxlint-disable-next-line no-await-in-loop -- the second is quick
    const compiled = await compileProject(await readModelProject([packaged, arms, own]), engine);
    for (const { name } of feeds) {
      expect.soft(compiled.byName.get(`${name}_feed`)?.parents, name).toContain(`some_files_${name}`);
    }
    const refunds = compiled.byName.get('some_files_refunds');
    expect(refunds?.columns.map(({ type }) => type)).toEqual(['text', 'integer', 'decimal(18,6)', 'json']);
    expect(refunds?.kind === 'model' && refunds.parsed.isRowWise).toBe(true);
  }
});
