/**
 * Attribution written into a CRM: said first, written once, put back; and who is left out.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type HubspotEmulator, startHubspotEmulator } from '../../fixtures/emulators/hubspot/index.ts';
import { READ_SCOPES } from '../../fixtures/emulators/hubspot/knobs.ts';
import { UNLIMITED } from '../connectors/hubspot/reading.ts';
import { tinyCrm } from '../connectors/hubspot/tiny-crm.ts';
import { projectFolder, revops } from '../support/cli.ts';
import { createDatabase } from '../support/databases.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';

const NOW = '2026-10-10T06:00:00.000Z';
const LATER = '2026-10-12T06:00:00.000Z';

for (const engine of enginesOrOne('duckdb')) {
  describe(`revops writeback on ${engine}`, () => {
    const project = projectFolder();
    let emulator: HubspotEmulator;
    const env: Record<string, string> = { TOKEN: '', SECRET: '0123456789abcdef0123' };
    const run = (...words: string[]) => revops(['--quiet', '--now', NOW, ...words], { cwd: project.folder, env });
    const asJson = async (...words: string[]) => {
      const { code, stdout, stderr } = await run(...words, '--json');
      return { code, stderr, result: JSON.parse(stdout || 'null') as Result };
    };
    const held = async (id: string): Promise<unknown> => {
      const response = await fetch(`${emulator.url}/crm/objects/2026-09/contacts/batch/read`, {
        method: 'POST',
        headers: { authorization: `Bearer ${emulator.knobs.accessToken}` },
        body: JSON.stringify({ inputs: [{ id }], properties: ['first_touch', 'touches', 'first_at'] }),
      });
      const { results } = (await response.json()) as { results: { properties: Record<string, unknown> }[] };
      return results[0]?.properties['first_touch'];
    };

    beforeAll(async () => {
      emulator = await startHubspotEmulator({
        world: company(),
        now: () => NOW,
        knobs: {
          ...UNLIMITED,
          scopes: [...READ_SCOPES, 'crm.objects.contacts.write', 'crm.objects.deals.write'],
          customProperties: {
            contacts: { first_touch: 'string', touches: 'number', first_at: 'datetime' },
            deals: { credit: 'string', channel: 'string' },
          },
        },
      });
      env['TOKEN'] = emulator.knobs.accessToken;
      env['REVOPS_HUBSPOT_ENDPOINT'] = emulator.url;
      if (engine === 'postgres') env['DATABASE_URL'] = await createDatabase(await testPostgresUrl());
      project.write({
        'revops.config.ts': CONFIG.replace(
          'WAREHOUSE',
          engine === 'duckdb'
            ? "{ type: 'duckdb', path: 'w.duckdb' }"
            : "{ type: 'postgres', url: env('DATABASE_URL') }",
        ),
        'consents.csv':
          'consent_id,identifier_type,identifier,purpose,is_granted,decided_at\nc1,email,two@two.eu,advertising,false,2026-10-01T00:00:00Z\n',
      });
      const synced = await run('sync');
      expect(synced.code, synced.stderr).toBe(0);
      const built = await run('build', '+contact_attribution', '+deal_attribution', '+models/quality');
      expect(built.code, built.stderr).toBe(0);
    }, 300_000);

    afterAll(async () => {
      await emulator.close();
      project.remove();
    });

    it('says what would change, field by field, and changes nothing; people who withdrew and test addresses are left out', async () => {
      const { code, result } = await asJson('writeback', 'crm');
      expect([code, result.mode]).toEqual([0, 'dry_run']);
      const [contacts, deals] = result.kinds;
      expect(contacts).toMatchObject({ suppressed: { consent_withdrawn: 1, test_domain: 1 }, unchanged: 0 });
      expect(contacts?.changes).toEqual([
        {
          id: '1',
          fields: {
            first_touch: { before: null, after: 'Paid Search' },
            first_at: { before: null, after: '2026-09-20T08:00:00.000Z' },
            touches: { before: null, after: '1' },
          },
        },
        { id: '4', fields: { touches: { before: null, after: '0' } } },
      ]);
      expect(deals?.changes).toEqual([
        {
          id: '7',
          fields: {
            credit: { before: null, after: 'Paid Search 1.00' },
            channel: { before: null, after: 'Paid Search' },
          },
        },
      ]);
      const { stdout } = await run('writeback', 'crm');
      expect(stdout).toMatch(/1 +first_touch +– +Paid Search/);
      expect(await held('1')).toBe(null);
      expect(emulator.requests.filter(({ url }) => url.pathname.endsWith('update'))).toEqual([]);
    });

    it('refuses to write while the data cannot be trusted: here, since they are two days old', async () => {
      const { code, stderr } = await run('writeback', 'crm', '--apply', '--now', LATER);
      expect(code).toBe(5);
      expect(stderr).toContain('CHECK_FAILED');
      expect(await held('1')).toBe(null);
    });

    it('writes once, logs each record, and a second time changes nothing; what was there is put back', async () => {
      emulator.inject({ match: 'contacts/batch/update', status: 500, times: 1 });
      const first = await asJson(
        ...['writeback', 'crm', '--apply', '--force', '--reason', 'in a test', '--now', LATER],
      );
      expect(first.code, first.stderr).toBe(0);
      expect(first.result.kinds.map(({ written }) => written)).toEqual([2, 1]);
      expect(await held('1')).toBe('Paid Search');
      const [file = ''] = first.result.rollback_files;
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(join(project.folder, 'writeback'))).toHaveLength(1);
      expect(readFileSync(file, 'utf8')).not.toContain('@');

      const log = await run(
        'query',
        'select kind, record_id, fields, outcome from revops.written_records order by 1, 2',
        '--csv',
      );
      expect(log.stdout).toContain('contacts,1,"first_touch,first_at,touches",written');
      const forced = await run('query', 'select command, reason from revops.forced_answers', '--csv');
      expect(forced.stdout).toContain('writeback hubspot --apply,in a test');

      const second = await asJson('writeback', 'crm', '--apply');
      expect(second.result.kinds.map(({ changes, unchanged }) => [changes.length, unchanged])).toEqual([
        [0, 2],
        [0, 1],
      ]);
      expect(second.result.rollback_files).toEqual([]);

      // somebody changes one of them meanwhile: that stays
      await fetch(`${emulator.url}/crm/objects/2026-09/contacts/batch/update`, {
        method: 'POST',
        headers: { authorization: `Bearer ${emulator.knobs.accessToken}` },
        body: JSON.stringify({ inputs: [{ id: '4', properties: { touches: '9' } }] }),
      });
      const back = await asJson('writeback', 'crm', '--rollback', file);
      expect(back.code, back.stderr).toBe(0);
      expect(back.result.kinds[0]).toMatchObject({ written: 1, conflicts: ['4'] });
      expect(await held('1')).toBe(null);
    });

    it('ends with 4 where a record could not be written, tells which, and tries it again the next time', async () => {
      const refusal = { category: 'VALIDATION_ERROR', message: 'no', status: 'error' };
      emulator.inject({
        match: 'contacts/batch/update',
        times: 6,
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(refusal),
      });
      const { code, stderr } = await run('writeback', 'crm', '--apply');
      expect(code).toBe(4);
      expect(stderr).toContain('PARTIAL');
      emulator.clearFaults();
      const again = await asJson('writeback', 'crm', '--apply');
      expect([again.code, again.result.kinds[0]?.written]).toEqual([0, 2]);
    });

    it('names a field that the CRM does not have, a column that there is not, and a field that holds something else', async () => {
      for (const [from, to, told] of [
        ["'first_touch'", "'first_tuch'", 'there is no field first_tuch; did you mean first_touch'],
        ['first_touch_channel:', 'first_touch_chanel:', 'contact_attribution has no such column'],
        [
          "touchpoints: 'touches'",
          "first_touch_source: 'touches'",
          'touches holds numbers, and first_touch_source is text',
        ],
      ] as const) {
        project.write({
          'revops.config.ts': readFileSync(join(project.folder, 'revops.config.ts'), 'utf8').replace(from, to),
        });
        // oxlint-disable-next-line no-await-in-loop -- one project
        const { code, stderr } = await run('writeback', 'crm');
        project.write({
          'revops.config.ts': readFileSync(join(project.folder, 'revops.config.ts'), 'utf8').replace(to, from),
        });
        expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
      }
    });
  });
}

// --- internal ---

interface Result {
  mode: string;
  rollback_files: string[];
  kinds: { changes: unknown[]; unchanged: number; written: number; suppressed: Record<string, number> }[];
}

/** One who came by an ad and bought, one who withdrew, one at a test domain, one of whom nothing is known; one archived. */
function company() {
  const crm = tinyCrm();
  const at = '2026-09-20T08:00:00.000Z';
  const paid = { originalSource: 'PAID_SEARCH', firstSeenAt: at };
  crm.put('contacts', 1, at, { properties: { email: 'one@one.eu', ...paid } });
  crm.put('contacts', 2, at, { properties: { email: 'Two@two.eu', ...paid } });
  crm.put('contacts', 3, at, { properties: { email: 'three@example.com', ...paid } });
  crm.put('contacts', 4, at, { properties: { email: 'four@four.eu' } });
  crm.put('contacts', 5, at, { properties: { email: 'five@five.eu' } });
  crm.archive('contacts', 5, '2026-09-21T08:00:00.000Z');
  const won = [{ at: '2026-10-01T08:00:00.000Z', value: 'won', actor: 'CRM_UI' as const }];
  crm.put('deals', 7, '2026-09-25T08:00:00.000Z', {
    properties: {
      name: 'd',
      pipeline: 'sales',
      stage: 'won',
      amount: '100',
      currency: 'EUR',
      closeDate: '2026-10-01T08:00:00.000Z',
    },
    history: { stage: won },
  });
  crm.link('deals', 7, 'contacts', [1], '2026-09-25T08:00:00.000Z');
  return crm;
}

const CONFIG = `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
import { hubspot } from 'revops/connectors/hubspot';
export default defineConfig({
  warehouse: WAREHOUSE,
  connectors: {
    hubspot: hubspot({ accessToken: env('TOKEN'), activities: [] }),
    files: files({ feeds: { consents: 'consents.csv' } }),
  },
  start: '2026-09-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  identity: { secret: env('SECRET') },
  writeback: {
    hubspot: {
      contacts: { first_touch_channel: 'first_touch', first_touch_at: 'first_at', touchpoints: 'touches' },
      deals: { credit_by_channel: 'credit', first_touch_channel: 'channel' },
    },
  },
});
`;
