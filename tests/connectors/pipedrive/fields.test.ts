import { describe, expect, test } from 'vitest';

import { columnName } from '../../../connectors/pipedrive/fields.ts';
import { fieldKey } from '../../../fixtures/emulators/pipedrive/fields.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { emulate, landAll, open } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const EARLIER = '2026-03-01T07:00:00.000Z';

function people(): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  crm.put('contacts', 1, EARLIER, {
    properties: { firstName: 'Zoë', email: 'zoe@acme.example', gclid: 'Cj0-1', originalSource: 'PAID_SEARCH' },
  });
  crm.put('deals', 1, EARLIER, { properties: { stage: 'open', amount: '12.25', currency: 'JPY' } });
  return crm;
}

const short = (name: string): string => fieldKey(name).slice(0, 8);

describe('custom fields', () => {
  test('have the names people gave them, and labels instead of the numbers of options', async () => {
    const emulator = await emulate(people(), NOW);
    const connection = await open(emulator, NOW);
    expect([...(await landAll(connection, 'persons')).rows.values()]).toMatchObject([
      {
        email: 'zoe@acme.example',
        [`google_click_id_${short('Google click id')}`]: 'Cj0-1',
        [`original_source_${short('Original source')}`]: 'PAID_SEARCH',
        [`große_m2_${short('Größe (m²)')}`]: null,
      },
    ]);
    expect([...(await landAll(connection, 'deals')).rows.values()]).toMatchObject([
      { value: 12.25, currency: 'JPY', [`product_lines_${short('Product lines')}`]: ['Basic', 'Pro'] },
    ]);
  });

  test('fill the columns the options name, by name or key, and are not repeated', async () => {
    const emulator = await emulate(people(), NOW);
    for (const gclid of ['Google click id', fieldKey('Google click id')]) {
      const connection = await open(emulator, NOW, { fields: { gclid, original_source: 'Original source' } });
      const [row] = [...(await landAll(connection, 'persons')).rows.values()];
      expect(row).toMatchObject({ gclid: 'Cj0-1', original_source: 'PAID_SEARCH' });
      expect(Object.keys(row ?? {}).filter((name) => name.startsWith('google_click_id'))).toEqual([]);
    }
  });

  test('of which two have the name leave the column empty, and say so; the key still names one', async () => {
    const emulator = await emulate(people(), NOW, { renamedFields: { 'Facebook click id': 'Google click id' } });
    const notes: string[] = [];
    const landed = await landAll(await open(emulator, NOW, { fields: { gclid: 'Google click id' } }, notes), 'persons');
    expect(landed.rows.get('1')).toMatchObject({ gclid: null });
    expect(notes).toEqual(['persons: no custom field, or several, called Google click id; left empty']);
    const byKey = await open(emulator, NOW, { fields: { gclid: fieldKey('Google click id') } });
    expect((await landAll(byKey, 'persons')).rows.get('1')).toMatchObject({ gclid: 'Cj0-1' });
  });

  test('of the same name have different ones here', () => {
    const named = (key: string, name: string): string => columnName({ key, name, type: 'varchar', options: new Map() });
    expect([
      named('a'.repeat(40), 'Deal  Größe?'),
      named('b'.repeat(40), 'Deal  Größe?'),
      named('c'.repeat(40), '– –'),
    ]).toEqual(['deal_große_aaaaaaaa', 'deal_große_bbbbbbbb', 'field_cccccccc']);
  });
});

describe('doctor', () => {
  test('tells company, tokens, permissions and fields', async () => {
    const emulator = await emulate(people(), NOW, {
      tokensPerDay: 1_000,
      tokensUsedByOthers: 850,
      hiddenPaths: ['/organizations'],
    });
    const found = await (
      await open(emulator, NOW, { fields: { gclid: 'Google click id', fbclid: 'No such field' } })
    ).check();
    const of = (subject: string) => found.find((line) => line.subject === subject);
    expect(of('company')).toMatchObject({
      status: 'ok',
      message: "token is valid; company Emulated (emulated), its user's currency EUR and time zone Europe/Paris",
    });
    expect(of('tokens of the day')).toMatchObject({
      status: 'warning',
      message: '852 of 1000 are used by all apps, this connector stops at 800',
    });
    expect(of('archived deals')).toMatchObject({ status: 'ok' });
    expect(of('organizations')).toMatchObject({ status: 'error' });
    expect(of('fields of persons')).toMatchObject({ status: 'error' });
    Object.assign(emulator.knobs, { tokensPerDay: 100_000 });
    const later = await (await open(emulator, NOW, { fields: { fbclid: 'No such field' } })).check();
    expect(later.at(-1)).toEqual({
      subject: 'fields of persons',
      status: 'warning',
      message: 'there is no custom field, or there are several, called: No such field',
    });
  });

  test('stops at a token that is refused', async () => {
    const emulator = await emulate(people(), NOW);
    const found = await (await open(emulator, NOW, { apiToken: 'a-wrong-token' })).check();
    expect(found).toMatchObject([{ subject: 'company', status: 'error' }]);
  });
});
