import { expect, test } from 'vitest';

import type { OpenWriter, RecordFields, RecordKind } from '../../../src/connector/write.ts';
import { emulate, open } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const NOW = '2026-10-10T06:00:00.000Z';
const PROPERTIES = { contacts: { first_touch: 'string', touches: 'number', first_at: 'datetime' } } as const;
const SCOPES = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];

async function writerOn(people: number, scopes: readonly string[] = SCOPES) {
  const crm = tinyCrm();
  for (let id = 1; id <= people; id += 1) crm.put('contacts', id, '2026-09-01T00:00:00.000Z');
  const emulator = await emulate(crm, NOW, { customProperties: PROPERTIES, scopes: [...scopes] });
  const { write } = await open(emulator, NOW);
  if (write === undefined) throw new Error('the connector does not write');
  return { emulator, write };
}

const record = (id: number, values: RecordFields['values']): RecordFields => ({ id: String(id), values });

async function problems(write: OpenWriter, kind: RecordKind, records: RecordFields[]): Promise<string[]> {
  const found = (await Array.fromAsync(write.update(kind, records))).flat();
  expect(found.map(({ id }) => id).toSorted()).toEqual(records.map(({ id }) => id).toSorted());
  return found.flatMap(({ id, problem }) => (problem === null ? [] : [`${id} ${problem}`]));
}

test('Properties are described by what they hold, and computed ones as read-only.', async () => {
  const { write } = await writerOn(1);
  const fields = await write.fields('contacts');
  expect(fields.get('touches')).toEqual({ type: 'number', isReadOnly: false });
  expect(fields.get('first_at')).toEqual({ type: 'instant', isReadOnly: false });
  expect(fields.get('hs_object_id')).toEqual({ type: 'number', isReadOnly: true });
});

test('Values are written in batches of a hundred and read back; null empties a property.', async () => {
  const { emulator, write } = await writerOn(150);
  const all = Array.from({ length: 150 }, (_, index) => record(index + 1, { first_touch: 'Email', touches: '3' }));
  expect(await problems(write, 'contacts', all)).toEqual([]);
  const updates = emulator.requests.filter(({ url }) => url.pathname.endsWith('/batch/update'));
  expect(updates.map(({ body }) => (JSON.parse(body) as { inputs: unknown[] }).inputs.length)).toEqual([100, 50]);
  expect(await problems(write, 'contacts', [record(2, { touches: null })])).toEqual([]);
  expect(await write.read('contacts', ['1', '2', '999'], ['first_touch', 'touches'])).toEqual([
    record(1, { first_touch: 'Email', touches: '3' }),
    record(2, { first_touch: 'Email', touches: null }),
  ]);
});

test('A value that is refused, a property that does not exist and a record that is gone fail alone.', async () => {
  const { write } = await writerOn(5);
  const found = await problems(write, 'contacts', [
    record(1, { touches: '1' }),
    record(2, { touches: 'many' }),
    record(3, { no_such: '1' }),
    record(4, { touches: '4' }),
    record(99, { touches: '4' }),
  ]);
  expect(found).toEqual([
    expect.stringMatching(/^2 VALIDATION_ERROR: .*was not a valid long/),
    expect.stringMatching(/^3 VALIDATION_ERROR: .*PROPERTY_DOESNT_EXIST/),
    '99 OBJECT_NOT_FOUND',
  ]);
  const read = await write.read('contacts', ['1', '2', '4'], ['touches']);
  expect(read.map(({ values }) => values['touches'])).toEqual(['1', null, '4']);
});

test('Limits are waited out, and a missing scope ends it and is named.', async () => {
  const limited = await writerOn(1);
  limited.emulator.knobs.retryAfterSeconds = 0;
  limited.emulator.inject({ match: 'batch/update', special: 'TEN_SECONDLY_ROLLING' });
  expect(await problems(limited.write, 'contacts', [record(1, { touches: '1' })])).toEqual([]);
  const { write } = await writerOn(1, ['crm.objects.contacts.read']);
  await expect(problems(write, 'contacts', [record(1, { touches: '1' })])).rejects.toMatchObject({
    code: 'AUTH_FAILED',
    message: expect.stringContaining('crm.objects.contacts.write') as string,
  });
});
