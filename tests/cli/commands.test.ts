import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CANARY, openTestProject, type TestProject } from '../support/project.ts';
import { personalData } from '../support/personal-data.ts';
import { enginesOrOne } from '../support/warehouses.ts';

/** New customers' credits, and those given back. */
const NET_CREDITS = ['attribution_credits', 'reversed_credits']
  .map(
    (relation) =>
      `select conversion_id, touchpoint_id, attribution_model, credit, path_length, booked_date from ${relation} where is_new_customer`,
  )
  .join(' union all ');

interface Trust {
  trust: string;
  because: { check: string }[];
}

for (const engine of enginesOrOne('duckdb')) {
  describe(`the commands on ${engine}`, { timeout: 240_000 }, () => {
    let project: TestProject;
    const printed: string[] = [];

    async function run(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
      const outcome = await project.run(words);
      printed.push(outcome.stdout, outcome.stderr);
      return outcome;
    }

    async function runJson<T>(...words: string[]): Promise<T> {
      const { code, stdout, stderr } = await run(...words, '--json');
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      return JSON.parse(stdout) as T;
    }

    beforeAll(async () => {
      project = await openTestProject(engine);
    });
    afterAll(() => project.dispose());

    it('doctor says that everything is there', async () => {
      const found = await runJson<{ subject: string; status: string }[]>('doctor');
      expect(found.filter(({ status }) => status === 'error')).toEqual([]);
      expect(found.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['node', 'config', 'warehouse']));
    });

    it('plan, before the first sync, would build everything', async () => {
      const { relations } = await runJson<{ relations: { name: string; action: string; reasons: string[] }[] }>('plan');
      expect(relations.find(({ name }) => name === 'cac')).toMatchObject({ action: 'run', reasons: ['never built'] });
    });

    it('cac, before the first build, says what to do', async () => {
      expect(await run('cac')).toMatchObject({ code: 5, stderr: expect.stringContaining('Run `revops lock create`') });
      expect((await run('lock', 'create')).code).toBe(0);
      const { code, stderr } = await run('cac');
      expect(code).toBe(1);
      expect(stderr).toContain('Run `revops run` first.');
    });

    it('run syncs and builds; what it loaded adds up', async () => {
      const result = await runJson<{
        summary: { runId: string };
        sync: { status: string; streams: { rows: Record<string, number> }[] };
        build: { status: string };
      }>('run');
      expect(result.sync.status).toBe('ok');
      expect(result.build.status).toBe('published');
      const [{ runId, builds }] = await runJson<[{ runId: string; builds: unknown[] }]>('runs');
      expect([runId, builds]).toEqual([result.summary.runId, [expect.objectContaining({ status: 'published' })]]);
      for (const { rows } of result.sync.streams)
        expect(rows['read']).toBe(rows['loaded']! + rows['unchanged']! + rows['rejected']!);
      expect(result.sync.streams.reduce((sum, { rows }) => sum + rows['loaded']!, 0)).toBeGreaterThan(500);
    });

    it('run, a second time, changes nothing', async () => {
      const { code, stdout } = await run('run');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Nothing changed: [\d,]+ rows read, all as they were\.$/m);
      expect(stdout).toMatch(/^Nothing changed: \d+ relations up to date\.$/m);
      const last = /\nrun [\da-f]{8}: \d+ streams, 0 rows, 0 models changed, [\d.]+ s; (trusted|UNTRUSTED: .+)\n$/;
      expect(stdout).toMatch(last);
    });

    it('run without time begins nothing, builds all the same, and says so on one line', async () => {
      const { code, stdout, stderr } = await run('run', '--time-budget', '0s', '--quiet');
      expect([code, stderr]).toEqual([4, expect.stringContaining('error TIME_BUDGET: ')]);
      expect(stdout).toMatch(
        /^run [\da-f]{8}: 0 of \d+ streams, 0 rows, 0 models changed, [\d.]+ s; not up to date: google-ads\.\w+ \(TIME_BUDGET\), .*\n$/,
      );
      // the clock stands still, so several runs began at once
      const runs = await runJson<{ runId: string }[]>('runs');
      expect(runs.find(({ runId }) => runId.startsWith(stdout.slice(4, 12)))).toMatchObject({
        status: 'partial',
        builds: [{ status: 'unchanged' }],
      });
    });

    it('sync takes a selection', async () => {
      const { streams } = await runJson<{ streams: { connector: string; stream: string }[] }>(
        'sync',
        'hubspot.deals',
        'google-ads.campaigns',
      );
      expect(streams.map(({ connector, stream }) => `${connector}.${stream}`)).toEqual([
        'google-ads.campaigns',
        'hubspot.deals',
      ]);
    });

    it('build takes a selection and says that it is up to date', async () => {
      const { code, stdout } = await run('build', 'cac');
      expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing changed')]);
    });

    it('plan, after a build, has nothing to do', async () => {
      expect((await run('plan')).stdout).toMatch(/^Nothing to do: \d+ relations up to date\.$/m);
    });

    it('plan explains a model, and plans without the warehouse against what is remembered', async () => {
      const explained = await run('plan', '--explain', 'cac');
      expect(explained.stdout).toMatch(/^marts\.cac: skip; published by build b\d+\n/);
      expect(explained.stdout).toMatch(/definition +SQL/);
      const { code, stdout, stderr } =
        engine === 'duckdb'
          ? await run('plan', '--offline')
          : await project.run(['plan'], { env: { DATABASE_URL: '' } });
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^Nothing to do: \d+ relations up to date\.$/m)]);
      expect(stderr).toMatch(/planned without the warehouse .*: what was published is as of 2025-06-30/);
    });

    it('query gives a table, CSV and JSON, and finds models by their bare names', async () => {
      const sql =
        "select count(*) as days, sum(spend) as spend from cac where channel = '(all)' and period_grain = 'day'";
      const [row] = await runJson<{ days: number; spend: string }[]>('query', sql);
      expect(row?.days).toBeGreaterThan(50);
      expect((await run('query', sql, '--csv')).stdout).toBe(`days,spend\n${row?.days},${row?.spend}\n`);
      expect((await run('query', sql)).stdout).toMatch(/days +spend\n─+ +─+\n +\d+ +[\d.]+\n/);
    });

    it('query shows 100 rows in a table unless told, and all in CSV', async () => {
      const sql = 'select channel, period_start from cac order by 1, 2';
      expect((await run('query', sql)).stdout.trimEnd().split('\n')).toHaveLength(102);
      expect((await run('query', sql, '--limit', '3')).stdout.trimEnd().split('\n')).toHaveLength(5);
      expect((await run('query', sql, '--csv')).stdout.trimEnd().split('\n').length).toBeGreaterThan(103);
    });

    it('query reads standard input, and cannot write', async () => {
      const { stdout } = await project.run(['query', '-', '--csv'], { stdin: 'select 1 as one;\n' });
      expect(stdout).toBe('one\n1\n');
      const { code, stderr } = await run('query', 'delete from core.deals');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error WAREHOUSE_/);
      expect((await runJson<{ n: number }[]>('query', 'select count(*) as n from deals'))[0]?.n).toBeGreaterThan(0);
      const file = join(project.folder, 'written.csv');
      expect((await run('query', `copy (select 1 as a) to '${file}'`)).stderr).toMatch(/^error WAREHOUSE_/);
      expect(existsSync(file)).toBe(false);
    });

    it('query does not show one of two columns of one name as both', async () => {
      const { code, stderr } = await run('query', "select 'a' as x, 1 as y, 'b' as x");
      expect([code, stderr.split('\n')[0]]).toEqual([2, 'error USAGE: two columns of the query are named x']);
    });

    it('list shows models with their origin, and streams', async () => {
      const { models, streams, connectors } = await runJson<Record<string, Record<string, string>[]>>('list');
      expect(models).toContainEqual(expect.objectContaining({ name: 'cac', layer: 'marts', origin: 'revops' }));
      expect(streams?.map(({ stream }) => stream)).toContain('hubspot.deals');
      expect(connectors).toContainEqual(expect.objectContaining({ name: 'hubspot', secrets: 'set' }));
    });

    it('cac and check say what cannot be trusted, until somebody answers for it', async () => {
      const { trust, because } = await runJson<Trust>('cac', '--period', '2025-05');
      expect(trust).toBe(because.length === 0 ? 'trusted' : 'untrusted');
      const late = ['--now', '2026-12-01T00:00:00Z'];
      const numbers = await run('cac', '--average', '--period', '2025-05', '--strict', ...late);
      expect(numbers.code).toBe(5);
      expect(numbers.stdout).toMatch(/^UNTRUSTED: build_age \(the warehouse\).* `revops check` says what to do\.\n/);
      const found = await run('check', 'build_age', ...late);
      expect(found).toMatchObject({ code: 5, stderr: expect.stringContaining('CHECK_FAILED: 1 finding of build_age') });
      expect(found.stdout).toMatch(/^error +the warehouse .*was built \d+ hours/m);
      // what was not asked for counts for the trust all the same
      expect((await run('check', 'definitions', ...late)).stdout).toMatch(
        /^3 checks: .*\nNumbers .* UNTRUSTED: build_age/m,
      );
      expect((await run('doctor')).stdout).toMatch(/^ok +size +(A spreadsheet would do|A warehouse is worth it): /m);
      const status = await run('status', '--strict', ...late);
      expect(status).toMatchObject({ code: 5, stderr: expect.stringContaining('the layer data does not stand') });
      expect(status.stdout).toMatch(/^Binding constraint: data unification \(.*build_age: the warehouse/m);
      const unknown = await run('ack', 'nosuch', '--reason', 'x');
      expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('volume_drop') });
      expect((await run('ack', 'build_age', ...late)).stderr).toContain('an acknowledgement needs a reason');
      expect((await run('ack', 'build_age', '--reason', 'a test', ...late)).stdout).toBe(
        'Acknowledged until 2026-12-15, as long as it gets no worse: build_age\n  error: the warehouse\n',
      );
      expect((await run('check', 'build_age', ...late)).code).toBe(0);
      const csv = await run('cac', '--average', '--period', '2025-05', '--csv', '--now', '2027-12-01');
      expect(csv.stdout).toMatch(/,untrusted$/m);
    });

    it('numbers of stale data say so and end with 5; refused ones are given by force, stamped and on record', async () => {
      const asked = ['cac', '--average', '--period', '2025-05', '--now', '2028-12-01T00:00:00Z'];
      const stale = await run(...asked);
      expect([stale.code, stale.stdout]).toEqual([
        5,
        expect.stringMatching(/^UNTRUSTED: .* STALE: the warehouse was built \d+ hours ago, 26 are allowed.*\n/),
      ]);
      expect(stale.stdout).toMatch(/^Data as of: built 20/m);
      expect(stale.stderr).toMatch(
        /^error STALE_DATA: the numbers are older than they may be: the warehouse was built/,
      );
      project.write({
        'refusing.config.ts': `import base from './revops.config.ts';
export default { ...base, checks: { ...base.checks, gate: 'refuse' } };\n`,
      });
      const refused = await run(...asked, '--config', 'refusing.config.ts');
      expect([refused.code, refused.stdout]).toEqual([5, '']);
      expect(refused.stderr).toContain(
        'error CHECK_FAILED: nothing is shown, since the numbers would be untrusted: build_age',
      );
      const why = ['--force', '--reason', 'the board meets'];
      const forced = await run(...asked, '--config', 'refusing.config.ts', ...why, '--json');
      expect(forced.code).toBe(0);
      expect(JSON.parse(forced.stdout)).toMatchObject({ trust: 'untrusted', forced: { reason: 'the board meets' } });
      const [record] = await runJson<Record<string, string>[]>(
        'query',
        'select command, forced_by, reason, trust, because from revops.forced_answers',
      );
      expect(record).toMatchObject({
        command: 'cac --average --period 2025-05',
        forced_by: expect.stringMatching(/./),
        reason: 'the board meets',
        trust: 'untrusted',
        because: expect.stringContaining('{"check":"build_age","subject":"the warehouse"}'),
      });
      const strict = await run(...asked, '--strict', ...why);
      expect([strict.code, strict.stdout]).toEqual([
        0,
        expect.stringMatching(/^UNTRUSTED: .*\nForced by .*: the board meets\.\n\n/),
      ]);
    });

    it('freshness says which source is late, of those that were asked for', async () => {
      const late = await run('freshness', 'hubspot', '--strict', '--now', '2026-12-01T00:00:00Z');
      expect([late.code, late.stderr]).toEqual([
        5,
        expect.stringMatching(/^error CHECK_FAILED: \d+ sources not fresh: /),
      ]);
      expect(late.stdout).toMatch(/^hubspot\.deals +[\d,]+ h +[\d,]+ h +2025-[-\d: ]{11} +[\d,]+ of 26 h: late$/m);
      expect(late.stdout).not.toContain('google-ads');
      expect(await run('freshness', 'crm')).toMatchObject({ code: 2 });
    });

    it('gaps lists what is not final yet, by stream', async () => {
      const gaps = await runJson<{ connector: string; reason: string }[]>('gaps');
      expect(new Set(gaps.map(({ connector }) => connector))).toEqual(new Set(['google-ads']));
      expect((await run('gaps')).stdout).toMatch(/the next sync fills them\.$/m);
    });

    it('cac prints CAC and marginal CAC side by side within 80 columns, with status, interval and its age', async () => {
      const { code, stdout } = await run('cac', '--by', 'month');
      expect(code).toBe(0);
      expect(stdout).toContain('Data as of: built 2025-06-30 06:00 UTC, spend complete to 2025-06-29');
      expect(stdout).toMatch(/· 2025-05 +€[\d,]+ .*no_baseline/);
      expect(stdout).toMatch(/· 2025-06 .*incomplete_period|· 2025-06 .*incomplete_/);
      const table = stdout.split('\n').filter((line) => /^(Period|·|─)/.test(line));
      expect(Math.max(...table.map((line) => Array.from(line).length))).toBeLessThanOrEqual(80);
    });

    it('cac answers for one channel and period, as CSV and JSON', async () => {
      const { rows, currency } = await runJson<{ rows: Record<string, unknown>[]; currency: string }>(
        'cac',
        '--channel',
        'paid search',
        '--period',
        '2025-05',
      );
      expect(currency).toBe('EUR');
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ channel: 'Paid Search', period_start: '2025-05-01', status: 'no_baseline' });
      expect((await run('cac', '--period', '2025-05', '--csv')).stdout.split('\n')[0]).toMatch(
        /^channel,period_grain,period_start,/,
      );
    });

    it('cac names the channels there are when asked for another', async () => {
      const { code, stderr } = await run('cac', '--channel', 'paid serch');
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /there is no channel "paid serch"; did you mean Paid Search.*\n {2}There are: .*Paid Search/,
      );
    });

    it('cac by campaign, segment, format, creative and what customers are adds up to the same spend and customers, under any model', async () => {
      type Answer = { rows: { key: string; spend: string; customers: number; attribution_model: string }[] };
      const [total] = (await runJson<Answer>('cac', '--channel', '(all)', '--period', '2025-05')).rows;
      for (const words of [
        ['--by', 'campaign'],
        ['--by', 'segment,month', '--model', 'markov'],
        ['--by', 'format'],
        ['--by', 'creative'],
        ['--by', 'touchpoints', '--model', 'linear'],
        ['--by', 'company-size'],
      ]) {
        // oxlint-disable-next-line no-await-in-loop -- one warehouse file
        const { rows } = await runJson<Answer>('cac', '--period', '2025-05', ...words);
        const sum = (pick: (row: Answer['rows'][number]) => number): number =>
          rows.filter(({ key }) => key !== '(all)').reduce((all, row) => all + pick(row), 0);
        expect(rows.length).toBeGreaterThan(/campaign|segment/.test(words.join(' ')) ? 5 : 1);
        expect(rows.find(({ key }) => key === '(all)')).toMatchObject({
          spend: total!.spend,
          customers: total!.customers,
        });
        expect(sum(({ spend }) => Math.round(Number(spend) * 1e6))).toBe(Math.round(Number(total!.spend) * 1e6));
        expect(sum(({ customers }) => customers)).toBeCloseTo(total!.customers, 6);
        expect(new Set(rows.map((row) => row.attribution_model))).toEqual(new Set([words[3] ?? 'linear']));
      }
    });

    it('cac of one campaign has its spend and its credit alone', async () => {
      const [counted] = await runJson<{ name: string; spend: string; customers: number }[]>(
        'query',
        `with won as (
           select ads.campaign_id, sum(credit) as customers
           from (${NET_CREDITS}) as credits
           inner join touchpoint_ads as ads on ads.touchpoint_id = credits.touchpoint_id
           where attribution_model = 'linear' and booked_date between '2025-05-01' and '2025-05-31'
           group by ads.campaign_id
         )
         select max(spend_daily.campaign_name) as name, sum(spend) as spend, max(won.customers) as customers
         from spend_daily inner join won on won.campaign_id = spend_daily.campaign_id
         where spend_date between '2025-05-01' and '2025-05-31'
         group by spend_daily.campaign_id order by max(won.customers) desc limit 1`,
      );
      const { rows } = await runJson<{ rows: Record<string, unknown>[] }>(
        'cac',
        '--campaign',
        counted!.name.toLowerCase(),
        '--period',
        '2025-05',
      );
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatchObject({ campaign: counted!.name, spend: counted!.spend });
      expect(rows[0]!['customers']).toBeCloseTo(counted!.customers, 6);
      expect(rows[1]).toMatchObject({ campaign: '(all)', spend: counted!.spend });
      const { code, stderr } = await run('cac', '--campaign', 'nosuch', '--period', '2025-05');
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^error USAGE: --campaign: no campaign with spend is called "nosuch"\n {2}There are: .*Brand/,
      );
    });

    it('cac counts customers with enough touchpoints before they were won, over all of the spend', async () => {
      const [counted] = await runJson<{ these: number; everybody: number }[]>(
        'query',
        `select sum(credit) filter (where path_length >= 2) as these, sum(credit) as everybody
         from (${NET_CREDITS}) as credits where attribution_model = 'linear' and booked_date >= '2025-05-01'`,
      );
      const words = ['cac', '--channel', '(all)', '--period', '2025-Q2', '--min-touchpoints', '2'];
      const { rows, notes } = await runJson<{ rows: Record<string, number>[]; notes: string[] }>(...words);
      expect(rows).toHaveLength(1);
      expect(counted!.these).toBeGreaterThan(0);
      expect(counted!.these).toBeLessThan(counted!.everybody);
      expect(rows[0]!['customers']).toBeCloseTo(counted!.these, 6);
      expect(rows[0]!['all_customers']).toBeCloseTo(counted!.everybody, 6);
      expect(rows[0]!['cac']).toBeCloseTo(Number(rows[0]!['spend']) / counted!.these, 6);
      expect(rows[0]!['all_cac']).toBeCloseTo(Number(rows[0]!['spend']) / counted!.everybody, 6);
      expect(rows[0]).not.toHaveProperty('marginal_cac');
      expect(notes.join(' ')).toContain('Spend cannot be split by that');
    });

    it('cac of one cohort has every age it completed and the one under way, by channel and by campaign', async () => {
      type Cohorts = {
        basis: string;
        rows: { age: number; customers: number; spend: string; status: string; key: string }[];
      };
      const whole = await runJson<Cohorts>('cac', '--cohort', '2025-05', '--channel', '(all)');
      expect(whole.basis).toBe('cohort');
      // May is over, June is not.
      expect(whole.rows.map(({ age, status }) => `${age} ${status}`)).toEqual(['0 ok', '1 immature']);
      const [counted] = await runJson<{ customers: number; spend: string }[]>(
        'query',
        `select count(*) as customers, (
           select sum(spend_reporting) from spend_daily where spend_date between '2025-05-01' and '2025-05-31'
         ) as spend
         from customer_cohorts inner join all_conversions on all_conversions.conversion_id = customer_cohorts.conversion_id
         where first_touch_date between '2025-05-01' and '2025-05-31' and converted_date <= '2025-05-31'
           and coalesce(reversed_at, timestamptz '2099-01-01 00:00:00Z') >= timestamptz '2025-05-31 22:00:00Z'`,
      );
      expect(whole.rows[0]).toMatchObject({ customers: counted!.customers, spend: counted!.spend });
      const { rows } = await runJson<Cohorts>('cac', '--cohort', '2025-05', '--by', 'campaign', '--age', '0');
      const parts = rows.filter(({ key }) => key !== '(all)');
      expect(parts.reduce((sum, row) => sum + row.customers, 0)).toBeCloseTo(counted!.customers, 6);
      expect(parts.reduce((sum, row) => sum + Number(row.spend), 0)).toBeCloseTo(Number(counted!.spend), 4);
      expect((await run('cac', '--cohort', '2025-05')).stdout).toMatch(
        /^CAC and marginal CAC of monthly cohorts, .*\n\nCohort +Age/,
      );
    });

    it('cac --decompose says what each step did to CAC, and the steps make up its change', async () => {
      type Steps = { rows: Record<'step' | 'status' | 'period_start', string>[] };
      const { rows } = await runJson<Steps>(
        'cac',
        '--decompose',
        '--by',
        'week',
        '--channel',
        '(all)',
        '--period',
        '2025',
      );
      const sums = new Map<string, [number, number]>();
      for (const row of rows as Record<string, unknown>[]) {
        if (row['status'] !== 'ok') continue;
        const [sum] = sums.get(row['period_start'] as string) ?? [0];
        sums.set(row['period_start'] as string, [sum + Number(row['log_change']), Number(row['cac_log_change'])]);
      }
      expect(sums.size).toBeGreaterThan(1);
      for (const [sum, whole] of sums.values()) expect(sum).toBeCloseTo(whole, 9);
      const shown = await run('cac', '--decompose', '--by', 'week', '--channel', '(all)');
      expect(shown.stdout).toMatch(/^Why CAC changed, by week, .*\n/);
      expect(shown.stdout).toMatch(/· cost per lead +€[\d,.]+ +€[\d,.]+ +[+−][\d,.]+ % +[+−]\d\.\d{3}\n/);
      expect(shown.stdout).toMatch(/\n· CAC +€/);
    });

    it('with --json, logs are JSON lines on standard error', async () => {
      const { stderr } = await run('run', '--json');
      const lines = stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { level: string; command: string; msg: string });
      expect(lines.map(({ msg }) => msg)).toContain('stream_finished');
      expect(new Set(lines.map(({ command }) => command))).toEqual(new Set(['run']));
    });

    it('writes no secret, e-mail or phone into what it prints, logs and records', async () => {
      const given = { printed: printed.join('\n'), '.revops': project.everything('.revops') };
      expect(await personalData(project.warehouse, [CANARY], given)).toEqual([]);
      // and would see them
      const asked = await project.run(['query', 'select max(email) as e, max(phone) as p from raw_hubspot.contacts']);
      const seen = await personalData(project.warehouse, [CANARY], { ...given, asked: `${asked.stdout}${CANARY}` });
      expect(seen).toEqual([/: .+@/, /: [+\d]/, /: canary/].map((which) => expect.stringMatching(which)));
    });

    it('writes no secret anywhere, not even one that a query asks for', async () => {
      expect((await run('query', `select '${project.crm.knobs.accessToken}' as leaked`, '--csv')).stdout).toBe(
        'leaked\n[secret]\n',
      );
      expect(printed.join('\n')).not.toContain(CANARY);
      expect(project.everything()).not.toContain(CANARY);
    });
  });
}
