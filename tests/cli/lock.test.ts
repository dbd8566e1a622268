import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { digestOfParts } from '../../src/attribution/definition.ts';
import { baselineIdOf, type Lock } from '../../src/attribution/lock.ts';
import { packageRoot } from '../../src/project/package-root.ts';
import { configText, openTestProject, type TestProject } from '../support/project.ts';
import { enginesOrOne } from '../support/warehouses.ts';

const PACKAGE = packageRoot();
const NUMBERS =
  'select channel, period_grain, period_start, customers, marginal_cac, status from marginal_cac order by 1, 2, 3';

for (const engine of enginesOrOne('postgres')) {
  // One project, step by step: each test begins where the one before ended.
  describe(`revops lock on ${engine}`, { timeout: 240_000 }, () => {
    let project: TestProject;

    const run = (...words: string[]) => project.run([...words, '--quiet']);
    async function runJson<T>(...words: string[]): Promise<T> {
      const { code, stdout, stderr } = await run(...words, '--json');
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      return JSON.parse(stdout) as T;
    }
    const numbers = async (): Promise<string> => (await run('query', NUMBERS, '--csv')).stdout;
    const lockText = (): string => readFileSync(join(project.folder, 'attribution.lock.json'), 'utf8');
    const configure = (...lines: string[]): void => project.write({ 'revops.config.ts': configText(engine, ...lines) });

    beforeAll(async () => {
      project = await openTestProject(engine);
      expect((await run('run')).code).toBe(0);
    }, 240_000);
    afterAll(() => project.dispose());

    it('without a lock, builds work, every marginal CAC says no_lock, and cac gives averages only', async () => {
      const [found] = await runJson<{ rows: number; locked: number; numbers: number }[]>(
        'query',
        `select count(*) as "rows", count(*) filter (where status = 'no_lock') as locked, count(marginal_cac) as numbers from marginal_cac`,
      );
      expect(found?.rows).toBeGreaterThan(50);
      expect(found).toMatchObject({ locked: found?.rows, numbers: 0 });
      const { code, stdout, stderr } = await run('cac');
      expect([code, stdout]).toEqual([5, '']);
      expect(stderr).toMatch(/^error NO_LOCK: .*\n {2}Run `revops lock create`, then `revops build`\./);
      const average = await run('cac', '--average');
      expect(average.code).toBe(0);
      expect(average.stdout).toMatch(/^Average CAC by month/);
      expect(average.stdout).not.toMatch(/Marginal/);
      const { rows } = await runJson<{ rows: object[] }>('cac', '--average');
      expect(Object.keys(rows[0] ?? {}).filter((name) => /marginal|ci_|elasticity/.test(name))).toEqual([]);
      expect((await run('lock')).stdout).toMatch(/^No lock/);
      for (const action of ['diff', 'verify', 'reset']) {
        const words = action === 'reset' ? ['--reason', 'why'] : [];
        expect(await run('lock', action, ...words)).toMatchObject({
          code: 5,
          stderr: expect.stringContaining('NO_LOCK'),
        });
      }
    });

    it('tells wrong use in one message', async () => {
      expect(await run('lock', 'destroy')).toMatchObject({ code: 2, stderr: expect.stringContaining('"destroy"') });
      expect(await run('lock', 'reset')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--reason is missing'),
      });
      expect(await run('lock', 'diff', '--reason', 'x')).toMatchObject({ code: 2 });
    });

    it('create locks what the project defines; the next build is under it, and cac answers', async () => {
      const created = await runJson<Lock & { outcome: string }>('lock', 'create');
      expect(created).toMatchObject({ outcome: 'created', effective_from: null, reason: 'first baseline' });
      const early = await run('cac');
      expect(early).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('the numbers were built without a lock'),
      });
      expect((await run('build')).code).toBe(0);
      const { rows } = await runJson<{ rows: { baseline_id: string; status: string }[] }>('cac');
      expect(new Set(rows.map((row) => row.baseline_id))).toEqual(new Set([created.baseline_id]));
      expect(rows.map(({ status }) => status)).not.toContain('no_lock');
      expect(await runJson('lock')).toMatchObject({ locked: true, matches: true, differences: [] });
      expect((await run('lock', 'status')).stdout).toMatch(
        /^Locked: baseline [0-9a-f]{8} of 2025-06-30, in force for all periods\.\nReason: first baseline\nThe project matches it/,
      );
      expect(await run('lock', 'verify')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/\d rows of settled_credits in \d months are as they were frozen\.$/m),
      });
      expect(await run('lock', 'diff')).toMatchObject({ code: 0 });
      expect(await run('lock', 'create')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('there is a lock already'),
      });
    });

    it('cac gives what is known now and what was reported on a day by the same SQL', async () => {
      const known = await runJson<{ rows: object[]; credits: object }>('cac', '--as-known-now');
      expect(known.credits).toEqual({ as: 'known now' });
      // a win that ended is none as known now; as reported it counts in its period, and against the one it ended in
      const may = ['cac', '--channel', '(all)', '--period', '2025-05'];
      type Totals = { rows: { spend: string; customers: number }[] };
      const [counted] = await runJson<{ known: number; won: number; lost: number }[]>(
        'query',
        `select
           (select count(*) from conversions where is_new_customer and converted_date between '2025-05-01' and '2025-05-31') as known,
           (select count(*) from all_conversions where is_new_customer and converted_date between '2025-05-01' and '2025-05-31') as won,
           (select coalesce(-sum(credit), 0) from reversed_credits where is_new_customer and attribution_model = 'linear'
              and booked_date between '2025-05-01' and '2025-05-31') as lost`,
      );
      const [total] = (await runJson<Totals>(...may, '--as-known-now')).rows;
      const [published] = (await runJson<Totals>(...may)).rows;
      expect(total).toMatchObject({ spend: published!.spend, customers: counted!.known });
      expect(published!.customers).toBeCloseTo(counted!.won - counted!.lost, 6);
      expect(counted!.won).toBeGreaterThan(counted!.known);
      const { rows: segments } = await runJson<{ rows: { segment: string; spend: string; customers: number }[] }>(
        'cac',
        '--by',
        'segment',
        '--period',
        '2025-05',
        '--model',
        'time_decay',
        '--as-known-now',
      );
      const parts = segments.filter(({ segment }) => segment !== '(all)');
      expect(parts.reduce((sum, { spend }) => sum + Number(spend), 0)).toBeCloseTo(Number(total!.spend), 4);
      expect(parts.reduce((sum, { customers }) => sum + customers, 0)).toBeCloseTo(total!.customers, 6);
      const reported = await run('cac', '--as-reported', '--as-of', '2025-06-30');
      expect(reported).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('complete to 2025-06-15. Spend as known now.'),
      });
      expect(await run('cac', '--as-of', '2025-06-01')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('nothing had been built by 2025-06-01'),
      });
      expect(await run('cac', '--as-of', '2025-06-30', '--as-known-now')).toMatchObject({ code: 2 });
    });

    it('lets comments and formatting of a model pass', async () => {
      const shipped = readFileSync(join(PACKAGE, 'models/core/touchpoints.sql'), 'utf8');
      project.write({
        'models/core/touchpoints.sql': `${shipped.replaceAll('\n  from ', '\n  -- why\n    FROM ')}\n-- the end\n`,
      });
      expect((await run('build')).code).toBe(0);
      rmSync(join(project.folder, 'models/core/touchpoints.sql'));
    });

    it('refuses a build with another lookback, names both values, and readers keep the old numbers', async () => {
      const before = await numbers();
      configure('attribution: { lookbackDays: 60 },');
      const refused = await run('build');
      expect(refused.code).toBe(5);
      expect(refused.stderr).toMatch(
        /^error LOCK_CHANGED: .*attribution\.lookbackDays: 90 → 60\n {2}Undo the change, or .*revops lock reset --reason/,
      );
      expect(await numbers()).toBe(before);
      expect((await run('cac')).code).toBe(0);
      const { code, stdout } = await run('lock', 'diff');
      expect([code, stdout]).toEqual([1, expect.stringMatching(/attribution\.lookbackDays +90 +60/)]);
      expect(await run('lock', 'verify')).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('attribution.lookbackDays'),
      });
      configure();
    });

    it('refuses a build with another channel list and names the row', async () => {
      const list = join(PACKAGE, 'models/reference/channel_by_crm_source.csv');
      const own = 'models/reference/channel_by_crm_source.csv';
      project.write({ [own]: readFileSync(list, 'utf8').replace('REFERRALS,Referral', 'REFERRALS,Partners') });
      const { code, stderr } = await run('build');
      expect(code).toBe(5);
      expect(stderr).toContain(
        'list channel_by_crm_source: REFERRALS: channel Referral, is_paid false → channel Partners, is_paid false',
      );
      rmSync(join(project.folder, own));
    });

    it('finds a lock file that was edited by hand', async () => {
      const text = lockText();
      const lock = JSON.parse(text) as Lock;
      project.write({
        'attribution.lock.json': text.replace('"attribution.lookbackDays": "90"', '"attribution.lookbackDays": "60"'),
      });
      for (const words of [['lock', 'verify'], ['build'], ['cac']]) {
        expect(await run(...words)).toMatchObject({ code: 5, stderr: expect.stringContaining('was edited by hand') });
      }
      // Edited so well that it fits in itself, and the project fits it: the warehouse still knows.
      configure('attribution: { lookbackDays: 60 },');
      const parts = { ...lock.parts, 'attribution.lookbackDays': '60' };
      const digest = digestOfParts(parts);
      const forged = { ...lock, parts, digest, baseline_id: baselineIdOf(digest, lock.created_at), reason: 'forged' };
      project.write({ 'attribution.lock.json': JSON.stringify({ ...forged, created_at: lock.created_at }) });
      expect(await run('lock', 'verify')).toMatchObject({
        code: 5,
        stderr: expect.stringContaining(`the warehouse is on baseline ${lock.baseline_id} (first baseline)`),
      });
      configure();
      project.write({ 'attribution.lock.json': text });
    });

    it('refuses marginal CAC when the file was deleted, and takes it back from the warehouse', async () => {
      const text = lockText();
      const before = await numbers();
      rmSync(join(project.folder, 'attribution.lock.json'));
      expect(await run('cac')).toMatchObject({ code: 5, stderr: expect.stringMatching(/^error NO_LOCK/) });
      const built = await run('build');
      expect(built).toMatchObject({ code: 0, stderr: expect.stringContaining('attribution.lock.json is missing') });
      expect(
        new Set(
          (await numbers())
            .trim()
            .split('\n')
            .slice(1)
            .map((line) => line.split(',').at(-1)),
        ),
      ).toEqual(new Set(['no_lock']));
      expect(await runJson('lock', 'create')).toMatchObject({ outcome: 'restored' });
      expect(lockText()).toBe(text);
      expect((await run('build')).code).toBe(0);
      expect(await numbers()).toBe(before);
    });

    it('begins a new baseline with reset, keeps the old one, and compares nothing across', async () => {
      const old = lockText();
      configure('attribution: { lookbackDays: 60 },');
      const made = await runJson<Lock>('lock', 'reset', '--reason', 'agreed', '--now', '2025-06-30T07:00:00Z');
      expect(made).toMatchObject({ outcome: 'reset', effective_from: '2025-06-30', reason: 'agreed' });
      expect((await run('build')).code).toBe(0);
      const later = (await numbers())
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').at(-1));
      expect(new Set(later)).toEqual(new Set(['no_baseline']));
      expect((await run('lock', 'verify')).code).toBe(0);
      const baselines = await runJson<object[]>(
        'query',
        'select baseline_id, reason, effective_from from revops.baselines order by baseline_number',
      );
      expect(baselines).toMatchObject([
        { reason: 'first baseline', effective_from: null },
        { baseline_id: made.baseline_id, reason: 'agreed', effective_from: '2025-06-30' },
      ]);
      // With the file and the config of before, the warehouse has gone on.
      configure();
      project.write({ 'attribution.lock.json': old });
      expect(await run('build')).toMatchObject({
        code: 5,
        stderr: expect.stringContaining(`the warehouse is on baseline ${made.baseline_id} (agreed)`),
      });
    });
  });
}
