/**
 * People in places where nobody expects them: a shifted column, a link, the name of an event.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { openWarehouse } from '../../src/warehouse/index.ts';
import { projectFolder, revops } from '../support/cli.ts';

const NOW = '2026-11-05T06:00:00Z';
const PLANTED = /planted|example\.(com|org|net)|%40/i;
/** Rows that did not fit are kept as they came, and plans compare with the values of inputs. */
const DATA = ['rejected_rows'];

const EVENTS = Array.from({ length: 40 }, (_, number) =>
  [
    `e${number}`,
    number % 4 === 0 ? 'planted.event@example.org' : 'page_view',
    `2026-11-0${1 + (number % 3)}T10:${String(number + 10)}:00Z`,
    `device-${number}`,
    `https://shop.test/?utm_source=planted.person%40example.net&utm_medium=newsl`,
    'planted.person@example.net',
    'newsl',
  ].join(','),
);

it(
  'An address in a currency, a link or the name of an event is in no line, record, answer or alert.',
  { timeout: 400_000 },
  async () => {
    const project = projectFolder();
    const run = (...words: string[]) => revops([...words, '--now', NOW], { cwd: project.folder });
    try {
      expect((await run('init', '--files')).code).toBe(0);
      const read = (name: string): string => readFileSync(join(project.folder, name), 'utf8');
      project.write({
        'revops.config.ts': read('revops.config.ts')
          .replace("ad_spend: 'data/spend.csv',", "ad_spend: 'data/spend.csv', events: 'data/events.csv',")
          .replace(/\}\);\s*$/, "  alerts: { command: [process.execPath, 'note.mjs'] },\n});\n"),
        'note.mjs': `import { readFileSync, writeFileSync } from 'node:fs'; writeFileSync('alert.json', readFileSync(0));`,
        'data/spend.csv': `${read('data/spend.csv')}2026-10-31,linkedin_ads,shifted,social,planted.18@example.com,42.00,2100,42\n`,
        'data/events.csv': `event_id,event_name,occurred_at,anonymous_id,url,utm_source,utm_medium\n${EVENTS.join('\n')}\n`,
        'tracking-plan.yml':
          'version: 1\nevents:\n  page_view: { purpose: Touchpoints., priority: critical, identifiers: [anonymous_id] }\n',
      });
      const told: Record<string, string> = {};
      const keep = async (...words: string[]): Promise<string> => {
        const { stdout, stderr } = await run(...words);
        told[words.join(' ')] = `${stdout}\n${stderr}`;
        return stdout;
      };
      expect(JSON.parse(await keep('run', '--json'))).toMatchObject({ summary: { trust: 'untrusted' } });
      const { findings } = JSON.parse(await keep('check', '--json')) as {
        findings: { subject: string; check: string }[];
      };
      const subjects = findings.map(({ check, subject }) => `${check}: ${subject}`);
      expect(subjects).toContain('currency: spend in [e-mail]');
      expect(subjects).toContain('utm: unknown: [e-mail] / newsl');
      expect(subjects.join('\n')).toMatch(/^tracking_plan: .*\[e-mail\]/m);
      await keep('ack', 'currency', '--reason', 'looked at');
      for (const words of [['check'], ['run'], ['runs', 'show', 'b1'], ['status', '--json'], ['cac', '--average']])
        await keep(...words);
      told['alert.json'] = read('alert.json');
      const warehouse = await openWarehouse(
        { type: 'duckdb', path: join(project.folder, 'warehouse.duckdb') },
        { readOnly: true },
      );
      try {
        for (const { name } of await warehouse.relations('revops')) {
          if (DATA.includes(name)) continue;
          const rows = await warehouse.query(`select * from revops.${name}`);
          told[`revops.${name}`] = JSON.stringify(rows, (_key, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          );
        }
      } finally {
        await warehouse.close();
      }
      for (const name of ['revops.check_results', 'revops.check_acks', 'alert.json', 'run --json'])
        expect(`${name}: ${told[name]}`).toContain('[e-mail]');
      const found = Object.entries(told).flatMap(([place, text]) =>
        text
          .split('\n')
          .filter((line) => PLANTED.test(line))
          .map((line) => `${place}: ${line.slice(0, 400)}`),
      );
      expect(found).toEqual([]);
    } finally {
      project.remove();
    }
  },
);
