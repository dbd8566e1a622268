/**
 * Conversions and audiences as files for ad platforms: once, of whom it may be, and of nobody in a control group.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { projectFolder, revops } from '../support/cli.ts';
import { createDatabase } from '../support/databases.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';

const NOW = '2026-10-12T06:00:00.000Z';

for (const engine of enginesOrOne('postgres')) {
  describe(`revops activate on ${engine}`, () => {
    const project = projectFolder();
    const env: Record<string, string> = { SECRET: '0123456789abcdef0123' };
    const run = (...words: string[]) => revops(['--quiet', '--now', NOW, ...words], { cwd: project.folder, env });
    const asJson = async (...words: string[]) => {
      const { code, stdout, stderr } = await run(...words, '--json');
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as Result;
    };
    const build = async () => {
      const synced = await run('sync', 'files');
      expect(synced.code, synced.stderr).toBe(0);
      const built = await run(
        'build',
        '+audience_members',
        '+exp_exposures',
        '+person_consents',
        '+holdout_exclusion',
        '+holdout_contamination',
      );
      expect(built.code, built.stderr).toBe(0);
    };

    beforeAll(async () => {
      if (engine === 'postgres') env['DATABASE_URL'] = await createDatabase(await testPostgresUrl());
      project.write({ 'revops.config.ts': CONFIG.replace('WAREHOUSE', WAREHOUSES[engine]), ...DATA });
      await build();
    }, 300_000);

    afterAll(() => project.remove());

    it('hands out each conversion once, hashed, and of nobody who refused or was not asked', async () => {
      const counted = await asJson('activate', 'conversions', '--to', 'meta', '--dry-run');
      const first = await asJson('activate', 'conversions', '--to', 'meta', '--folder', 'out');
      expect({ ...counted, mode: 'exported', folder: first.folder, files: first.files }).toEqual(first);
      expect(first).toMatchObject({ destination: 'meta-ads', list: 'conversions', added: 3 });
      expect(first.left_out).toEqual({
        consent_refused: 3,
        consent_unknown: 3,
        nobody_known: 2,
        not_mapped: 3,
        test_address: 3,
        too_old: 3,
      });
      const [file = ''] = first.files;
      const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: Event[] };
      expect(data.map(({ event_id, event_name }) => `${event_name} ${event_id}`)).toEqual([
        'Purchase customer:files:1',
        'Purchase customer:files:5',
        'Purchase customer:files:6',
      ]);
      expect(data[0]?.user_data).toEqual({
        em: [sha256('one@one.eu')],
        ph: [sha256('49301234501')],
        fbc: `fb.1.${Date.parse('2026-10-05T08:00:00Z')}.Click1`,
      });
      expect(data[0]?.custom_data).toEqual({ currency: 'EUR', value: 100.5 });
      const all = project.everything();
      for (const nobody of ['two@two.eu', 'three@three.eu', 'four@example.com'])
        expect(all).not.toContain(sha256(nobody));

      const second = await asJson('activate', 'conversions', '--to', 'meta', '--folder', 'out');
      expect(second).toMatchObject({ added: 0, folder: null, files: [] });
      expect(second.left_out['already_exported']).toBe(3);
    });

    it('refuses an audience with people of a control group, saying how many and not who; without them it is handed out', async () => {
      const refused = await run('activate', 'audience', 'customers', '--to', 'meta', '--folder', 'out');
      expect(refused.code).toBe(5);
      expect(refused.stderr).toMatch(
        /EXPORT_REFUSED: \d of the 6 members of the audience customers (is|are) in the control group/,
      );
      const controls = await run(
        'query',
        "select count(*) as n from exp_units where arm = 'control' and person_id in (select person_id from audience_members where audience = 'customers')",
        '--csv',
      );
      const members = Number(controls.stdout.trim().split('\n')[1]);
      expect(members).toBeGreaterThan(0);
      expect(refused.stderr).toContain(`${members} of the 6`);
      const first = await asJson(
        'activate',
        'audience',
        'customers',
        '--to',
        'meta',
        '--folder',
        'out',
        '--exclude-control',
      );
      expect(first.left_out['control_group']).toBe(members);
      expect(first.added).toBeGreaterThan(0);
      const again = await asJson(
        'activate',
        'audience',
        'customers',
        '--to',
        'meta',
        '--folder',
        'out',
        '--exclude-control',
      );
      expect(again).toMatchObject({ added: 0, removed: 0, folder: null });
    });

    it('finds people of a control group who were handed out before they were drawn, and takes them out, and whoever withdrew the consent since', async () => {
      // of one and six, who were handed out, this draws one for the control group
      const later = "name: 'later', salt: 's7', share: 0.5";
      const config = CONFIG.replace('WAREHOUSE', WAREHOUSES[engine]);
      project.write({
        'revops.config.ts': config.replace("name: 'autumn', salt: 's1', share: 0.5", later),
        'consents.csv': `${DATA['consents.csv']}late,email,six@six.eu,all,false,2026-10-11T00:00:00Z\n`,
      });
      await build();
      const { code, stdout } = await run('check', 'holdout_exclusion', '--json');
      expect(code).toBe(5);
      expect(stdout).toContain('"subject": "later: meta-ads, customers"');
      expect(stdout).toContain('1 person of the control group in the audience');
      const next = await asJson(
        'activate',
        'audience',
        'customers',
        '--to',
        'meta',
        '--folder',
        'out',
        '--exclude-control',
      );
      expect(next).toMatchObject({ added: 1, removed: 2, left_out: { consent_refused: 1 } });
      const [toAdd = '', toRemove = ''] = next.files.map((file) => readFileSync(file, 'utf8'));
      expect(next.files[1]).toContain('users-to-remove');
      for (const email of ['one@one.eu', 'six@six.eu']) expect(toRemove).toContain(sha256(email));
      expect(toAdd).toContain(sha256('five@five.eu'));
    }, 120_000);

    it('says what there is where the platform, the audience or the folder is none', async () => {
      for (const [words, told] of [
        [['conversions', '--folder', 'out'], '--to says which platform'],
        [['conversions', '--to', 'files', '--folder', 'out'], 'is no configured platform'],
        [['conversions', '--to', 'meta'], '--folder says where'],
        [['audience', 'nobody', '--to', 'meta', '--folder', 'out'], 'there is no audience "nobody"'],
        [['people', '--to', 'meta', '--folder', 'out'], 'is nothing to hand out'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one project
        const { code, stderr } = await run('activate', ...words);
        expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
      }
    });
  });
}

// --- internal ---

interface Result {
  list: string;
  added: number;
  removed: number;
  folder: string | null;
  files: string[];
  left_out: Record<string, number>;
}

interface Event {
  event_name: string;
  event_id: string;
  user_data: unknown;
  custom_data: unknown;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const WAREHOUSES = {
  duckdb: "{ type: 'duckdb', path: 'w.duckdb' }",
  postgres: "{ type: 'postgres', url: env('DATABASE_URL') }",
};

/** Address as entered and as it is hashed; 1, 5 and 6 consented, 2 refused, 3 was not asked, 4 is a test. */
const EMAILS = [
  ['one@one.eu', ' One@one.eu'],
  ['two@two.eu', 'two@two.eu'],
  ['three@three.eu', 'three@three.eu'],
  ['four@example.com', 'four@example.com'],
  ['five@five.eu', 'five@five.eu'],
  ['six@six.eu', 'six@six.eu'],
];

const lines = (header: string, rows: readonly string[]): string => [header, ...rows].map((row) => `${row}\n`).join('');

const DATA = {
  'contacts.csv': lines('contact_id,email,phone,created_at', [
    ...EMAILS.map(
      ([, email], index) => `${index + 1},${email},+49 30 123450${index + 1},2026-09-0${index + 1}T08:00:00Z`,
    ),
  ]),
  'deals.csv': lines('deal_id,stage_id,created_at,close_date_at,amount,currency', [
    ...EMAILS.map((_, index) => `${index + 1},won,2026-10-06T08:00:00Z,2026-10-08T08:00:00Z,${index + 1}00.50,EUR`),
    '7,won,2026-10-06T08:00:00Z,2026-10-08T08:00:00Z,700,EUR',
  ]),
  'deal_contacts.csv': lines(
    'deal_id,contact_id',
    EMAILS.map((_, index) => `${index + 1},${index + 1}`),
  ),
  'stages.csv': lines('stage_id,is_closed,is_won', ['won,true,true']),
  'events.csv': lines('event_id,event_name,occurred_at,anonymous_id,email,url,fbclid', [
    'e1,page_view,2026-10-05T08:00:00Z,d1,one@one.eu,https://x.eu/,Click1',
  ]),
  'consents.csv': lines('consent_id,identifier_type,identifier,purpose,is_granted,decided_at', [
    'a,email,ONE@one.eu,advertising,true,2026-09-01T00:00:00Z',
    'b,email,two@two.eu,advertising,true,2026-09-01T00:00:00Z',
    'c,contact_id,2,advertising,false,2026-09-02T00:00:00Z',
    'd,email,four@example.com,advertising,true,2026-09-01T00:00:00Z',
    'e,email,five@five.eu,advertising,true,2026-09-01T00:00:00Z',
    'f,email,six@six.eu,advertising,true,2026-09-01T00:00:00Z',
  ]),
};

const CONFIG = `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
import { metaAds } from 'revops/connectors/meta-ads';
export default defineConfig({
  warehouse: WAREHOUSE,
  connectors: {
    files: files({
      feeds: {
        contacts: 'contacts.csv',
        deals: 'deals.csv',
        deal_contacts: 'deal_contacts.csv',
        pipeline_stages: 'stages.csv',
        events: 'events.csv',
        consents: 'consents.csv',
      },
    }),
    'meta-ads': metaAds({ accessToken: env('NOT_NEEDED'), conversions: { datasetId: '42' } }),
  },
  start: '2026-09-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  identity: { secret: env('SECRET'), defaultCountry: 'DE' },
  holdouts: [{ name: 'autumn', salt: 's1', share: 0.5, from: '2026-10-01', to: '2026-12-31' }],
});
`;
