import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readLibrary } from '../../src/model/compile/functions.ts';
import { literal } from '../../src/warehouse/sql.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, openTestWarehouse, TEST_IDENTITY_SECRET, type TestWarehouse } from '../support/warehouses.ts';
import type { EngineName } from '../../src/warehouse/types.ts';

const ADDRESSES: [string, string | null][] = [
  [' A.B@Gmail.com ', 'a.b@gmail.com'],
  ['anna@Müller.DE', 'anna@xn--mller-kva.de'],
  ['anna@xn--mller-kva.de', 'anna@xn--mller-kva.de'],
  ['Ａnna@ｅxample.com', 'anna@example.com'],
  ['x@例え。jp', 'x@xn--r8jz45g.jp'],
  ['oﬃce@faß.de', 'office@xn--fa-hia.de'],
  ['İpek@ΣΑΣ.gr', 'ipek@xn--mxa9ab.gr'],
  ['a@b.co.', 'a@b.co'],
  [' x@y.de\t', 'x@y.de'],
  ['a+b@c.de', 'a+b@c.de'],
  ['no', null],
  ['a@b', null],
  ['a b@c.de', null],
  ['a@@b.de', null],
  ['@b.de', null],
  ['', null],
];

/** Written number, country, wanted. */
const NUMBERS: [string, string | null, string | null][] = [
  ['030 23125 000', 'DE', '+493023125000'],
  ['+49 (0)30 23125-000', 'DE', '+493023125000'],
  ['+49 30 23125000', null, '+493023125000'],
  ['0049 30 / 23125.000', 'DE', '+493023125000'],
  ['tel:+49-30-23125000', null, '+493023125000'],
  ['０３０ ２３１２５０００', 'DE', '+493023125000'],
  ['+1 (201) 555-0100', null, '+12015550100'],
  ['(201) 555-0100', 'US', '+12015550100'],
  ['1 201 555 0100', 'US', '+12015550100'],
  ['011 49 30 23125000', 'US', '+493023125000'],
  ['06 6982 1234', 'IT', '+390669821234'],
  ['8 (912) 345-67-89', 'RU', '+79123456789'],
  ['030 23125 000', null, null],
  ['+49 30 23125000 ext. 4', null, null],
  ['1-800-FLOWERS', 'US', null],
  ['0', 'DE', null],
  ['12', 'DE', null],
  ['+4912345678901234567', null, null],
  ['unknown', 'DE', null],
];

/** Calling code, trunk prefix and international prefix of a country. */
const PLANS: Record<string, (string | null)[]> = {
  DE: ['49', '0', '00'],
  US: ['1', '1', '011'],
  IT: ['39', null, '00'],
  RU: ['7', '8', '810'],
};

for (const engine of engines) {
  test(`${engine}: addresses, domains and numbers get the form in which they are compared, and keys that Node computes too.`, async () => {
    const opened = await withLibrary(engine);
    const valueOf = async (expression: string): Promise<unknown> =>
      (await opened.warehouse.query<{ value: unknown }>(`select ${expression} as value`))[0]?.value;
    try {
      const addresses = await opened.warehouse.query<{ written: string; address: string | null }>(
        `select written, email_address(written) as address from (${rowsOf(
          ['written'],
          ADDRESSES.map(([written]) => [written]),
        )}) as given`,
      );
      expect(addresses).toEqual(ADDRESSES.map(([written, address]) => ({ written, address })));
      const numbers = await opened.warehouse.query<{ written: string; number: string | null }>(
        `select written, phone_number(written, code, trunk, prefix) as number from (${rowsOf(
          ['written', 'code', 'trunk', 'prefix'],
          NUMBERS.map(([written, country]) => [written, ...(PLANS[country ?? ''] ?? [null, null, null])]),
        )}) as given`,
      );
      expect(numbers).toEqual(NUMBERS.map(([written, , number]) => ({ written, number })));
      for (const value of ['anna@example.com', 'é', '']) {
        const wanted = createHmac('sha256', TEST_IDENTITY_SECRET).update(value).digest('hex');
        expect.soft(await valueOf(`identity_key(${literal(value)})`)).toBe(wanted);
      }
      expect(await valueOf(`identity_key(cast(null as text))`)).toBeNull();
    } finally {
      await opened.dispose();
    }
  });

  test(`${engine}: domains of any script are in the DNS what Node makes of them, and texts in NFKC.`, async () => {
    const opened = await withLibrary(engine);
    try {
      const letter = fc.oneof(
        fc.constantFrom('a', 'b', 'z', '-', '0', '9', 'ä', 'ö', 'ß', 'é', 'ł', 'ğ', '日', '文', 'п', 'в', 'א'),
        fc.integer({ min: 0x4e00, max: 0x9fff }).map((point) => String.fromCodePoint(point)),
      );
      const labels = fc
        .sample(fc.array(letter, { minLength: 1, maxLength: 14 }), { numRuns: 80, seed: 5 })
        .map((letters) => letters.join('').normalize('NFKC'))
        // A number alone is an address to Node.
        .filter((label) => domainToASCII(label) !== '' && !/^-|-$|^..--|^\d+$/.test(label));
      expect(labels.length).toBeGreaterThan(30);
      const domains = await opened.warehouse.query<{ label: string; domain: string }>(
        `select label, ascii_domain(label) as domain from (${rowsOf(
          ['label'],
          labels.map((label) => [label]),
        )}) as labels`,
      );
      for (const { label, domain } of domains) expect.soft(domain, label).toBe(domainToASCII(label));

      const texts = [
        'ﬃ',
        'Ⅷ',
        '①',
        'ｶﾞ',
        '㌔',
        'ẛ̣',
        '½',
        '﷽',
        'é',
        '가',
        '𝔘',
        'ſ',
        ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 12 }), { numRuns: 60, seed: 6 }),
      ].filter((text) => !text.includes('\0'));
      const normal = await opened.warehouse.query<{ text: string; normal: string }>(
        `select text, normal_text(text) as normal from (${rowsOf(
          ['text'],
          texts.map((text) => [text]),
        )}) as texts`,
      );
      for (const { text, normal: found } of normal) expect.soft(found, text).toBe(text.normalize('NFKC'));
    } finally {
      await opened.dispose();
    }
  });
}

// --- internal ---

async function withLibrary(engine: EngineName): Promise<TestWarehouse> {
  const { project } = await shippedLibrary();
  const opened = await openTestWarehouse(engine);
  await opened.warehouse.execute('create schema if not exists revops');
  for (const { sql } of readLibrary(project.functions[engine]).values()) await opened.warehouse.script(sql);
  return opened;
}

function rowsOf(names: readonly string[], rows: readonly (string | null)[][]): string {
  const valueOf = (value: string | null | undefined): string =>
    `cast(${typeof value === 'string' ? literal(value) : 'null'} as text)`;
  return rows
    .map((row) => `select ${names.map((name, at) => `${valueOf(row[at])} as ${name}`).join(', ')}`)
    .join(' union all ');
}
