import { expect, it } from 'vitest';

import { enginesOrOne, openTestWarehouse } from '../../support/warehouses.ts';
import { loadRaw, run } from '../building.ts';
import { model, projectOf } from '../project.ts';

const FEED = `description: Calls. One row per call.
grain: [call_id]
columns:
  call_id: { type: text, description: Id. }
  kind: { type: text, description: Its kind., values: [sales, support] }
`;
const HEADER = 'grain: [call_id]\nsource: crm.calls\nreads: { call_id: text, kind: text }\nfeeds: calls';
const staged = (tests = ''): string =>
  model(['call_id text', 'kind text'], 'select call_id, kind from source', HEADER).replace(
    /(kind: \{ type: .*)\}/,
    `$1${tests} }`,
  );

it.each(enginesOrOne('duckdb'))(
  'On %s a value that the feed does not know fails the build, with the field and the model',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({ 'models/feeds/calls.yml': FEED, 'models/staging/crm/calls.sql': staged() });
    await loadRaw(warehouse, 'crm', 'calls', { call_id: 'text', kind: 'text', _deleted: 'boolean' }, [
      ['1', 'sales', 'false'],
      ['2', null, 'false'],
    ]);
    expect((await run(warehouse, project)).status).toBe('published');
    await loadRaw(warehouse, 'crm', 'calls', { call_id: 'text', kind: 'text', _deleted: 'boolean' }, [
      ['3', 'Sales', 'false'],
    ]);
    await expect(run(warehouse, project)).rejects.toMatchObject({
      code: 'AUDIT_FAILED',
      message: expect.stringMatching(
        /crm_calls.*accepted_values kind|models\/staging\/crm\/calls\.sql.*kind/s,
      ) as string,
    });
    await dispose();
  },
);

it('A staging model may accept fewer values than its feed, and no others.', async () => {
  const of = (values: string): Promise<unknown> =>
    projectOf({
      'models/feeds/calls.yml': FEED,
      'models/staging/crm/calls.sql': staged(`, tests: [{ accepted_values: ${values} }]`),
    });
  await expect(of('[sales]')).resolves.toBeDefined();
  await expect(of('[sales, service]')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(/column kind accepts service, which the feed calls does not know/) as string,
  });
});
