import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { alignmentLines, alignmentOf, requireAligned } from '../../src/cli/cac-alignment.ts';
import { renderCacParts } from '../../src/cli/explain-cac-report.ts';
import { cacFacts } from '../../src/cli/explain-cac-rows.ts';
import { renderConversion } from '../../src/cli/explain-conversion-report.ts';
import { renderCredit } from '../../src/cli/explain-credit-report.ts';
import { creditFacts, type CreditFacts } from '../../src/cli/explain-credit-rows.ts';
import { conversionFacts } from '../../src/cli/explain-conversion-rows.ts';
import { readAsOf } from '../../src/cli/as-of.ts';
import { conversionMeant } from '../../src/cli/known-conversion.ts';
import { dealMeant } from '../../src/cli/known-deal.ts';
import { outsideOfTolerance, reconciliationRows } from '../../src/cli/reconcile-rows.ts';
import { renderTrace } from '../../src/cli/trace-report.ts';
import { traceOfDeal, type DealTrace } from '../../src/cli/trace-rows.ts';
import { Secret } from '../../src/secret.ts';
import type { Session, Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { projectFolder, revops, type Outcome, type ProjectFolder } from '../support/cli.ts';
import { makeDatabase } from '../support/project.ts';
import { reading } from '../support/reader.ts';
import { enginesOrOne } from '../support/warehouses.ts';
import { everyCreditIsExplained } from './credits-explained.ts';
import { FILES, IDENTITY_SECRET, NOW } from './answers-project.ts';

describe.each(enginesOrOne('duckdb'))('answers on %s', (engine) => {
  let company: Awaited<ReturnType<typeof built>>;
  beforeAll(async () => {
    company = await built(engine);
  }, 300_000);
  afterAll(() => company.close());
  const read = <T>(work: (session: Session) => Promise<T>): Promise<T> => reading(company.warehouse, work);

  describe('explain conversion', () => {
    it('says what it is, what its time rests on, its people, and what every touchpoint got or why nothing', async () => {
      const facts = await read((session) => conversionFacts(session, 'customer:crm:10'));
      expect(facts.touchpoints.map(({ touchpoint_id: id, position, left_out: why }) => [id, position, why])).toEqual([
        ['web:site:e0', null, 'before the lookback'],
        ['web:site:e1', 1, null],
        ['web:site:e2', 2, null],
        ['web:site:e3', 3, null],
        ['web:site:e4', null, 'after the conversion'],
      ]);
      const [, first, second, third] = facts.touchpoints.map(({ credits }) => credits);
      expect(first).toMatchObject({
        first_touch: { credit: 1, amount_credit: '1200.000000' },
        linear: { credit: expect.closeTo(1 / 3, 12) },
      });
      expect(first?.['last_touch']).toBeUndefined();
      expect(second).toMatchObject({ position_based: { credit: 0.2, amount_credit: '240.000000' } });
      expect(third).toMatchObject({ last_touch: { credit: 1 }, last_non_direct: { credit: 1 } });
      expect(facts.told_by).toMatchObject([{ record_type: 'deal', source: 'crm', record_id: '10', rule: 'kept' }]);
      expect(facts.records.map(({ what, occurred_at: at }) => [what, at.slice(0, 10)])).toEqual([
        ['deal created', '2025-10-10'],
        ['stage entered', '2025-10-10'],
        ['stage entered', '2025-10-20'],
        ['close date', '2025-10-31'],
      ]);
      const text = renderConversion(facts, 200);
      expect(text).toMatch(/^Conversion customer:crm:10\nwhat +new customer, €1,200, company c1$/m);
      expect(text).toMatch(/^when +2025-10-20 10:00, 2025-10-20 in Europe\/Berlin; by the history of stages$/m);
      expect(text).toMatch(/^recorded +2025-10-22 10:00, 2 days later$/m);
      expect(text).toMatch(/^credits +settled 2025-11-03 10:00, frozen 2026-01-10 06:00 under baseline [0-9a-f]{8}$/m);
      expect(text).toMatch(/web:site:e0 +nothing: before the lookback$/m);
      expect(text).toMatch(/web:site:e1 +33\.3 %, €400\.00$/m);
    });

    it('says that all credit is unattributed where its people have no touchpoint', async () => {
      const facts = await read((session) => conversionFacts(session, 'customer:crm:50'));
      const text = renderConversion(facts, 200);
      expect(text).toContain('No touchpoint is known: its people have none. All of its credit is (unattributed).');
      expect(text).toMatch(/^\(un\) +100 +100/m);
    });

    it('says when and why a win ended, and by whom', async () => {
      const facts = await read((session) => conversionFacts(session, 'customer:crm:30'));
      expect(facts.reversals).toMatchObject([{ cause: 'reopened', actor: 'manual', reversed_date: '2025-12-08' }]);
      const text = renderConversion(facts, 200);
      expect(text).toMatch(/^ended +2025-12-08 10:00: the deal was re-opened, manual$/m);
      expect(text).toMatch(
        /^credits +as known now, since it ended before they settled; CAC gives them back on 2025-12-08 \(Europe\/Berlin\)$/m,
      );
      expect(text).toMatch(/2025-12-06 10:00 +stage entered +crm:30 +Won \(won\) +automation/);
    });

    it('names the ids near by where there is none, and those it could mean; no address is repeated', async () => {
      const meant = (asked: string): Promise<string> => read((session) => conversionMeant(session, asked));
      expect(await meant('lead:crm:1')).toBe('lead:crm:1');
      expect(await meant('crm:40')).toBe('opportunity:crm:40');
      await expect(meant('customer:crm:11')).rejects.toMatchObject({
        code: 'USAGE',
        message: 'there is no conversion "customer:crm:11"',
        hint: expect.stringContaining('customer:crm:10, customer:crm:20'),
      });
      // a deal that was deleted before its win settled
      for (const asked of ['60', 'customer:crm:60']) {
        await expect(meant(asked)).rejects.toMatchObject({
          code: 'USAGE',
          message: expect.stringContaining('its deal was deleted or merged before its credits settled'),
        });
      }
      await expect(meant('10')).rejects.toMatchObject({
        code: 'USAGE',
        hint: 'Give one of: customer:crm:10, opportunity:crm:10.',
      });
      await expect(meant('anna@acme.io')).rejects.toMatchObject({ message: 'there is no conversion what was given' });
    });
  });

  describe('explain credit', () => {
    it('gives the rule, the weights before and after they are divided, and the amount with its rate', async () => {
      const asked = { conversion: 'customer:crm:10', touchpoint: '2', model: 'w_shaped' };
      const facts = await read((session) => creditFacts(session, asked, async () => []));
      expect(facts).toMatchObject({ touchpoint_id: 'web:site:e2', total_weight: expect.closeTo(1, 12) });
      expect(facts.path.map(({ because, weight, reported }) => [because, weight, reported?.credit])).toEqual([
        ['the first', 0.3, expect.closeTo(0.3, 12)],
        ['the last at the lead and the last at the opportunity', 0.6, expect.closeTo(0.6, 12)],
        ['one of 1 others', expect.closeTo(0.1, 12), expect.closeTo(0.1, 12)],
      ]);
      const text = renderCredit(facts, 'EUR', 200);
      expect(text).toContain('0.3 to the last at or before the lead, 0.3 to the last at or before the opportunity');
      expect(text).toMatch(/^credit +60 % \(0\.6\d*\), €720\.00$/m);
      const bob = { conversion: 'customer:crm:20', touchpoint: undefined, model: undefined };
      const dollars = renderCredit(await read((session) => creditFacts(session, bob, async () => [])), 'EUR', 200);
      expect(dollars).toMatch(/^amount +2000\.000000 USD × 0\.8 of 2025-11-20 \(exchange_rates\) = 1600\.000000 EUR$/m);
    });

    it('computes what each model gives every touchpoint of every conversion', async () => {
      await read((session) => everyCreditIsExplained(session));
    });

    it('says what there is where a touchpoint or a model is none', async () => {
      const ask = (touchpoint: string, model?: string): Promise<unknown> =>
        read((session) => creditFacts(session, { conversion: 'customer:crm:10', touchpoint, model }, async () => []));
      await expect(ask('web:site:b1')).rejects.toMatchObject({
        code: 'USAGE',
        hint: expect.stringContaining('1 = web:site:e1, 2 = web:site:e2'),
      });
      await expect(ask('1', 'linaer')).rejects.toMatchObject({
        code: 'USAGE',
        hint: expect.stringContaining('linear'),
      });
    });
  });

  describe('explain cac', () => {
    const october = { grain: 'month', from: '2025-10-01', to: '2025-10-31' } as const;

    it('takes the number apart into spend, customers, the period before and the interval', async () => {
      const facts = await read((session) => cacFacts(session, 'Paid Search', october));
      expect(facts.checks.filter(({ is_same: isSame }) => !isSame)).toEqual([]);
      expect(facts.checks).toHaveLength(8);
      expect(facts.spend).toMatchObject([
        { account_name: 'Acme DE', campaign_name: 'Generic > Screws', days: 2, spend_reporting: '400.250000' },
      ]);
      expect(facts.customers).toMatchObject([
        {
          conversion_id: 'customer:crm:10',
          booked_date: '2025-10-20',
          touchpoints: 1,
          path_length: 3,
          is_frozen: true,
        },
      ]);
      expect(facts.previous).toMatchObject({ period_start: '2025-09-01', spend: '200.000000', customers: 0 });
      // one customer of a third: variance a ninth
      expect(facts.interval?.margin).toBeCloseTo(1.96 / 3, 9);
      const text = renderCacParts(facts, 'EUR', 200);
      expect(text).toMatch(/^cac +€1,201: spend ÷ customers \(ok\)$/m);
      expect(text).toMatch(/^marginal +€600\.75: .* chance alone may explain.* \(not_significant\)$/m);
      expect(text).toMatch(/^Of marginal CAC: .*: €202\.96 or more, with no upper end\.$/m);
      expect(text).toContain('These parts add up to the numbers of the marts.');
    });

    it('says of an empty number why, and shows other currencies with their rates', async () => {
      const november = { grain: 'month', from: '2025-11-01', to: '2025-11-30' } as const;
      const saturated = renderCacParts(await read((session) => cacFacts(session, 'Paid Search', november)), 'EUR', 200);
      expect(saturated).toMatch(/^cac +none: nobody was won, or no more were won than lost \(no_customers\)$/m);
      expect(saturated).toMatch(/^marginal +none: more was spent, and no more were won \(saturated\)$/m);
      const social = renderCacParts(await read((session) => cacFacts(session, 'Paid Social', november)), 'EUR', 200);
      expect(social).toMatch(/^meta_ads Acme US +Bolts +1 .*200\.000000 USD +0\.8 +160\.000000$/m);
    });

    it('names the account whose spend is only known by the week, and the grain and day that serve instead', async () => {
      const december = { period_start: '2025-12-01', period_end: '2025-12-31' };
      const refused = { ...december, channel: 'Display', status: 'granularity_mismatch', cac: null };
      const alignment = await read((session) => alignmentOf(session, 'Display', [refused]));
      expect(alignment).toEqual({
        sources: [
          {
            platform: 'linkedin_ads',
            account_id: 'L',
            channels: 'Display',
            source_grain: 'week',
            last_date: '2025-12-07',
          },
        ],
        conversions_to: '2025-12-06',
        use: { grain: 'week', last_period: '2025-12-22', through: '2025-12-28' },
      });
      expect(alignmentLines(alignment!).at(-1)).toBe(
        'Use --by week, through 2025-12-28: the last complete week begins on 2025-12-22.',
      );
      expect(await read((session) => alignmentOf(session, 'Display', [{ ...refused, status: 'ok' }]))).toBe(null);
      const row = { ...refused, spend: '70', customers: 0, attribution_model: 'linear', baseline_id: null };
      expect(() => requireAligned(alignment, [row, { ...row, spend: '0', status: 'no_activity' }])).toThrow(
        expect.objectContaining({ code: 'GRANULARITY_MISMATCH', hint: expect.stringContaining('Use --by week') }),
      );
      requireAligned(alignment, [row, { ...row, status: 'no_customers' }]);
      requireAligned(null, [row]);
    });

    it('names channels and periods that there are', async () => {
      const ask = (channel: string, range: Parameters<typeof cacFacts>[2]): Promise<unknown> =>
        read((session) => cacFacts(session, channel, range));
      await expect(ask('Paid Serach', october)).rejects.toMatchObject({ hint: expect.stringContaining('Paid Search') });
      const year = { grain: 'month', from: '2025-10-01', to: '2026-09-30' } as const;
      await expect(ask('(all)', year)).rejects.toMatchObject({ message: expect.stringContaining('several periods') });
    });
  });

  describe('trace deal', () => {
    const trace = (id: string): Promise<DealTrace> =>
      read(async (session) => traceOfDeal(session, await dealMeant(session, id)));

    it('goes from the first touchpoint to the revenue, in order of time', async () => {
      const { steps, missing, people } = await trace('10');
      expect(steps.map(({ kind, what, occurred_at: at }) => [at?.slice(0, 10), kind, what])).toEqual([
        ['2025-06-01', 'touch', 'Email'],
        ['2025-10-01', 'touch', 'Paid Search'],
        ['2025-10-05', 'touch', 'Direct'],
        ['2025-10-05', 'person', 'lead'],
        ['2025-10-10', 'deal', 'deal created'],
        ['2025-10-10', 'deal', 'stage New'],
        ['2025-10-19', 'touch', 'Email'],
        ['2025-10-20', 'deal', 'stage Won'],
        ['2025-10-20', 'revenue', 'won'],
        ['2025-10-25', 'touch', 'Direct'],
        ['2025-12-04', 'renewal', 'won again'],
      ]);
      expect(steps.reduce((sum, { credit }) => sum + (credit ?? 0), 0)).toBeCloseTo(1, 9);
      expect(people).toEqual([
        { person_id: 'device:m', is_via_company: false, touchpoints: 5, touchpoints_in_path: 3 },
      ]);
      expect(missing).toEqual([]);
      expect(renderTrace(await trace('crm:10'), 'EUR', 200)).toContain(
        'The chain is whole: touch → person → deal → revenue → renewal.',
      );
    });

    it('names the link that is missing, and why', async () => {
      expect((await trace('30')).missing).toEqual([
        { link: 'touch → person', why: 'no touchpoint of its people is known' },
        { link: 'deal → revenue', why: 'the deal is open' },
      ]);
      expect((await trace('40')).missing).toEqual([
        { link: 'person → deal', why: 'no contact is on the deal, and it has no company' },
        { link: 'deal → revenue', why: 'the deal is open' },
      ]);
      expect((await trace('50')).missing).toEqual([
        { link: 'touch → person', why: 'no touchpoint of its people is known' },
      ]);
      await expect(trace('11')).rejects.toMatchObject({ code: 'USAGE', hint: 'Near it: crm:10, crm:20, crm:30.' });
    });
  });

  describe('reconcile', () => {
    const november = { grain: 'month', range: { from: '2025-11-01', to: '2025-11-30' }, campaigns: false } as const;

    it('holds claims against the conversions in whose path a platform is, and all of them against what happened', async () => {
      const rows = await read((session) => reconciliationRows(session, november));
      const told = rows.map((row) => [
        row.platform,
        Number(row.claimed),
        row.in_path,
        row.matched,
        row.attributed,
        row.actual,
        row.overclaim_ratio,
        row.status,
        row.amount_status,
      ]);
      // Google claims two wins that no ad of it led to; Bob came by Meta, Eve by nobody knows what
      expect(told).toEqual([
        ['google_ads', 2, 0, 0, 0, 2, 1, 'overclaimed', 'overclaimed'],
        ['meta_ads', 1, 1, 1, 0.5, 2, 0.5, 'ok', 'ok'],
        ['(all)', 3, 1, 1, 0.5, 2, 1.5, 'overclaimed', 'overclaimed'],
      ]);
      expect(rows.at(-1)).toMatchObject({
        excess: '1.000000',
        claimed_amount: '3600.000000',
        actual_amount: '2100.000000',
      });
      expect(outsideOfTolerance(rows).map(({ platform }) => platform)).toEqual(['google_ads', '(all)']);
      const meta = await read((session) => reconciliationRows(session, { ...november, platform: 'meta_ads' }));
      expect(outsideOfTolerance(meta)).toEqual([]);
    });

    it('takes the last complete month by default, campaigns where asked, and platforms there are', async () => {
      const last = await read((session) => reconciliationRows(session, { grain: 'month', campaigns: false }));
      expect(new Set(last.map(({ period_start: start }) => start))).toEqual(new Set(['2025-12-01']));
      const campaigns = await read((session) => reconciliationRows(session, { ...november, campaigns: true }));
      expect(campaigns.map(({ campaign_name: name }) => name)).toEqual(['Generic > Screws', null, 'Bolts', null, null]);
      const unknown = read((session) => reconciliationRows(session, { ...november, platform: 'tiktok_ads' }));
      await expect(unknown).rejects.toMatchObject({ hint: 'There are: (all), google_ads, meta_ads.' });
    });
  });

  it('reconcile prints the table and ends with code 5 outside of the tolerance, with 0 within', async () => {
    const outside = await company.run('reconcile', '--period', '2025-11');
    expect(outside.code, outside.stderr).toBe(5);
    expect(outside.stdout).toMatch(/^google_ads +2 +0 +0 +0 +2 +1 +overclaimed$/m);
    expect(outside.stderr).toContain('OUT_OF_TOLERANCE');
    expect(outside.stderr).toContain('google_ads 2025-11, customer: 2 overclaimed, value overclaimed');
    const within = await company.run('reconcile', '--period', '2025-10', '--json');
    expect(within.code, within.stderr).toBe(0);
    expect(JSON.parse(within.stdout)).toMatchObject({
      within_tolerance: true,
      tolerances: { conversionTolerance: 0.05, amountTolerance: 0.02 },
    });
  });

  it('cac shares costs besides ad spend among campaigns by their spend in the channel, to the last digit of the whole', async () => {
    const costs = async (...words: string[]): Promise<Record<string, string>> => {
      const { stdout, stderr } = await company.run('cac', '--period', '2025-10', '--json', ...words);
      const { rows } = JSON.parse(stdout === '' ? stderr : stdout) as { rows: Record<string, string>[] };
      return Object.fromEntries(rows.map((row) => [row['campaign'] ?? row['channel'], row['fixed_costs']!]));
    };
    // 3,100 by spend, 400.25 and 90 of 490.25; the agency's 310 are those of Paid Search; a podcast is nobody's
    expect(await costs('--by', 'campaign')).toEqual({
      '(no campaign)': '0.000000',
      'Generic > Screws': '2840.902601',
      Bolts: '569.097399',
      '(all)': '3441.000000',
    });
    expect(await costs('--by', 'campaign', '--channel', 'paid search')).toEqual({
      'Generic > Screws': '2840.902601',
      '(all)': '2840.902601',
    });
    expect(await costs('--by', 'channel', '--campaign', 'bolts')).toEqual({
      'Paid Social': '569.097399',
      '(all)': '569.097399',
    });
  }, 120_000);

  it('cac by first channel counts each customer whole where they first came from, however long ago', async () => {
    const { stdout } = await company.run('cac', '--by', 'first-channel,quarter', '--period', '2025-Q4', '--json');
    const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
    const told = rows.map((row) => [row['first_channel'], row['spend'], row['customers']]);
    expect(told).toEqual([
      ['(unattributed)', '0.000000', 1],
      ['Display', '70.000000', 0],
      ['Email', '0.000000', 1],
      ['Paid Search', '950.250000', 0],
      ['Paid Social', '250.000000', 1],
      ['(all)', '1270.250000', 3],
    ]);
  }, 120_000);

  it('cac of a channel and quarter counts who had so many touchpoints, neither those after the win nor those before the lookback', async () => {
    const asked = async (channel: string, least: number): Promise<unknown[]> => {
      const words = ['--channel', channel, '--period', '2025-Q4', '--min-touchpoints', String(least), '--json'];
      const { stdout } = await company.run('cac', ...words);
      const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
      return rows.map((row) => [row['spend'], row['customers'], row['cac'], row['status']]);
    };
    // Bob had two: half of him for 250 EUR
    expect(await asked('Paid Social', 2)).toEqual([['250.000000', 0.5, 500, 'ok']]);
    expect(await asked('Paid Social', 3)).toEqual([['250.000000', 0, null, 'no_customers']]);
    // Anna had three, one in June, and one after the win
    expect(await asked('Paid Search', 3)).toEqual([
      ['950.250000', expect.closeTo(1 / 3, 9), expect.closeTo(2850.75, 4), 'ok'],
    ]);
    expect(await asked('Paid Search', 4)).toEqual([['950.250000', 0, null, 'no_customers']]);
  }, 120_000);

  it('as CSV begin with the same line whether or not there are rows', async () => {
    const headers = async (...words: string[]): Promise<unknown> => {
      const asked = words.includes('--cohort') ? words : [...words, '--period'];
      const [some, none] = await Promise.all(
        ['2025-10', '2031-01'].map((period) => company.run(...asked, period, '--csv')),
      );
      const lines = some?.stdout.split('\n') ?? [];
      expect(lines[0], some?.stderr).toContain('as_of,trust');
      return [lines.length > 2, none?.stdout === `${lines[0]}\n`];
    };
    for (const words of [
      ['cac'],
      ['cac', '--average'],
      ['cac', '--decompose'],
      ['cac', '--by', 'first-channel'],
      ['cac', '--cohort'],
      ['reconcile'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one warehouse
      expect(await headers(...words), words.join(' ')).toEqual([true, true]);
    }
  });

  it('cac refuses what spend by the week cannot answer: rows without a number, and code 5 with what to ask', async () => {
    const refused = await company.run('cac', '--by', 'day', '--period', '2025-12-03', '--channel', 'Display', '--csv');
    expect(refused.code).toBe(5);
    expect(refused.stdout).toMatch(/^Display,day,2025-12-03,.*,granularity_mismatch,/m);
    expect(refused.stderr).toMatch(/GRANULARITY_MISMATCH: .*linkedin_ads L \(Display\) reports spend by week/);
    expect(refused.stderr).toContain('Use --by week, through 2025-12-28');
  }, 120_000);

  it('they say whether the data under them is trusted, and end with code 5 under --strict where it is not', async () => {
    const late = ['--strict', '--now', '2026-02-01T00:00:00Z'];
    const explained = await company.run('explain', 'cac', '--period', '2025-10', ...late);
    expect(explained).toMatchObject({ code: 5, stderr: expect.stringContaining('CHECK_FAILED: the numbers are untr') });
    expect(explained.stdout).toMatch(/^UNTRUSTED: .*build_age \(the warehouse\).*\n\nCAC of/);
    const credit = await company.run('explain', 'credit', 'customer:crm:10', '1', '--json', ...late);
    const because = [{ check: 'build_age', subject: 'the warehouse' }];
    expect(JSON.parse(credit.stdout)).toMatchObject({ trust: 'untrusted', because: expect.arrayContaining(because) });
    expect(credit.code).toBe(5);
    const claims = await company.run('reconcile', '--period', '2025-10', '--csv', ...late);
    expect(claims.stdout).toMatch(/,trust\n(.*,untrusted\n)+$/);
    expect(claims.code).toBe(5);
  }, 120_000);

  it('they name the versions of the definitions that the config has', async () => {
    const asOf = await read((session) => readAsOf(session));
    expect(asOf).toMatchObject({ definitions: ['3'], line: expect.stringMatching(/, definitions 3\.$/) });
  });

  it('the command line prints them, and ends with code 2 where an id is unknown', async () => {
    const { code, stdout, stderr } = await company.run('explain', 'conversion', 'customer:crm:20');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Conversion customer:crm:20\nwhat +new customer, \$2,000 = €1,600, company c2$/m);
    const credit = await company.run('explain', 'credit', 'customer:crm:10', '1', '--json');
    expect(credit.code, credit.stderr).toBe(0);
    const rows = (JSON.parse(credit.stdout) as CreditFacts).source_rows;
    expect(rows.map(({ behind, table, key }) => [behind, table, ...Object.values(key)].join(' '))).toEqual([
      'touchpoint raw_files.ad_clicks google_ads g1',
      'touchpoint raw_files.events site e1',
      'conversion raw_files.deal_contacts crm 10 1',
      expect.stringMatching(/^conversion raw_files\.deal_stage_changes crm 10 2025-10-20/),
      'conversion raw_files.deals crm 10',
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ load_id: expect.any(String), loaded_at: expect.stringMatching(/^2026-01-10T06/) });
    }
    const unknown = await company.run('explain', 'conversion', 'customer:crm:21');
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('there is no conversion "customer:crm:21"');
  });
});

// --- internal ---

/** The company of `answers-project.ts`, locked, synced and built by the real command line, open for reading. */
async function built(engine: EngineName): Promise<{
  project: ProjectFolder;
  warehouse: Warehouse;
  run(...words: string[]): Promise<Outcome>;
  close(): Promise<void>;
}> {
  const project = projectFolder(FILES);
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const env = {
    REVOPS_NOW: NOW,
    REVOPS_IDENTITY_SECRET: IDENTITY_SECRET,
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
  };
  const run = (...words: string[]): Promise<Outcome> => revops(words, { cwd: project.folder, env });
  for (const words of [
    ['lock', 'create'],
    ['run', '--quiet'],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { code, stderr } = await run(...words);
    expect(code, stderr).toBe(0);
  }
  const warehouse = await openWarehouse(
    database === undefined
      ? { type: 'duckdb', path: join(project.folder, 'warehouse.duckdb') }
      : { type: 'postgres', url: new Secret(database.url, 'test'), poolSize: 2 },
    { readOnly: true },
  );
  return {
    project,
    warehouse,
    run,
    close: async () => {
      await warehouse.close();
      project.remove();
      await database?.drop();
    },
  };
}
