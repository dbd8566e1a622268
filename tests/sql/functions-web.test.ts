import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { engines, openTestWarehouse } from '../support/warehouses.ts';

/** What each expression must give, on both engines. */
const EXPECTED: [string, unknown][] = [
  [`tidy_text('  a ' || chr(9) || chr(10) || ' b ')`, 'a b'],
  [`tidy_text('a' || chr(160) || 'b')`, 'a b'],
  [`tidy_text('  ')`, null],
  [`fold_case('ÄAbZ')`, 'Äabz'],
  [`url_query('https://a.example/?x=1&y=2#z')`, 'x=1&y=2'],
  [`url_query('https://a.example/#?y=2')`, null],
  [`url_query('https://a.example/?')`, null],
  [`query_value('x=1&utm_source=Go%20ogle+x', 'utm_source')`, 'Go ogle x'],
  [`query_value('UTM_Source=&a=b', 'utm_source')`, null],
  [`query_value('xutm_source=1', 'utm_source')`, null],
  [`query_value('a=%3Futm_source%3Dx&ScCid=aBc', 'sccid')`, 'aBc'],
  [`url_decoded('%F0%9F%98%80%C3%A9%E2%82%AC')`, '😀é€'],
  [`url_decoded('%2541')`, '%41'],
  [`url_decoded('a%2Bb+c')`, 'a+b c'],
  [`url_decoded('%5Cx41%27')`, `\\x41'`],
  [`url_decoded('50%off+x')`, '50%off+x'],
  [`url_decoded('%C3')`, '%C3'],
  [`url_decoded('%ED%A0%80')`, '%ED%A0%80'],
  [`url_decoded('%00')`, '%00'],
  [`url_host('https://User:p@WWW.Google.co.uk:80/x')`, 'google.co.uk'],
  [`url_host('android-app://com.google.android.gm/')`, 'com.google.android.gm'],
  [`url_host('google.com/search')`, 'google.com'],
  [`url_host('//cdn.example/a.b')`, 'cdn.example'],
  [`url_host('/a.b/c')`, null],
  [`url_host('about:blank')`, null],
  [`site_of('app.acme.com')`, 'acme.com'],
  [`site_of('blog.acme.co.uk')`, 'acme.co.uk'],
  [`site_of('t.co')`, 't.co'],
  [`site_of('a.xn--p1ai')`, 'a.xn--p1ai'],
  [`site_of('localhost')`, 'localhost'],
  [`site_of('10.0.0.1')`, '10.0.0.1'],
  [`site_name('m.google.co.uk')`, 'google'],
  [`site_name('docs.google.com')`, null],
  [`site_name('google')`, null],
  [`traffic_key('a', 'b', 'C', null, null) = traffic_key('a', 'b', 'c', '', '')`, true],
  [`traffic_key('a', 'b', null, null, null) = traffic_key('a', null, 'b', null, null)`, false],
  [`day_start(date '2024-03-31', 'Europe/Berlin')`, '2024-03-30T23:00:00.000000Z'],
  [`day_start(date '2024-04-01', 'Europe/Berlin')`, '2024-03-31T22:00:00.000000Z'],
  // a day without a midnight, and one with two
  [`day_start(date '2018-11-04', 'America/Sao_Paulo')`, '2018-11-04T03:00:00.000000Z'],
  [`day_start(date '2024-04-26', 'Africa/Cairo')`, '2024-04-25T22:00:00.000000Z'],
  [`day_start(date '2024-11-03', 'America/Havana')`, '2024-11-03T05:00:00.000000Z'],
  [`matches_pattern('eshop', '(^|[^a-df-z])shop')`, true],
  [`matches_pattern('workshop_2026', '(^|[^a-df-z])shop')`, false],
];

test('What URLs and trackers write is read alike on every engine.', async () => {
  for (const engine of engines) {
    const { warehouse, dispose } = await openWithFunctions(engine);
    try {
      for (const [expression, expected] of EXPECTED) {
        const [row] = await warehouse.query<{ value: unknown }>(`select ${expression} as value`);
        expect.soft(row?.value, `${engine}: ${expression}`).toEqual(expected);
      }
    } finally {
      await dispose();
    }
  }
});

test('Values of URLs are decoded as the web decodes them, and broken ones stay, on both engines.', async () => {
  const fragment = fc.constantFrom(
    '%',
    '%2',
    '%41',
    '%c3%a9',
    '%C3',
    '%e2%82%ac',
    '%ED%A0%80',
    '+',
    'a',
    'é',
    '%f0%9f%98%80',
  );
  const values = fc.sample(
    fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join('')),
    { numRuns: 400, seed: 3 },
  );
  for (const engine of engines) {
    const { warehouse, dispose } = await openWithFunctions(engine);
    try {
      const list = values.map((value, index) => `(${index}, '${value}')`).join(', ');
      const rows = await warehouse.query<{ value: string }>(
        `select url_decoded(value) as value from (values ${list}) as listed(place, value) order by place`,
      );
      expect(
        rows.map(({ value }) => value),
        engine,
      ).toEqual(values.map(decoded));
    } finally {
      await dispose();
    }
  }
});

// --- internal ---

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value.includes('%') ? value : value.replaceAll('+', ' ');
  }
}

async function openWithFunctions(engine: (typeof engines)[number]): ReturnType<typeof openTestWarehouse> {
  const opened = await openTestWarehouse(engine);
  const file = join(import.meta.dirname, '../../sql', engine, 'functions-web.sql');
  await opened.warehouse.script(await readFile(file, 'utf8'));
  return opened;
}
