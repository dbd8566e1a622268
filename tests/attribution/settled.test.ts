import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { changedCredits, creditsAt, creditsKnownNow, lastBuildAt } from '../../src/attribution/index.ts';
import { compileProject, modelSql, verifyLedger, type CompiledProject } from '../../src/model/index.ts';
import type { ModelProject } from '../../src/model/contract.ts';
import { enginesOrOne, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';
import { buildPaths, loadPaths, openPaths, pathsProject } from './paths.ts';
import type { RawRow } from '../model/synced.ts';

function touch(id: string, person: string, channel: string, day: string): RawRow {
  return { touchpoint_id: id, person_id: person, channel, occurred_at: `2024-${day}T10:00:00Z` };
}

function win(id: string, day: string, amount = '100'): RawRow {
  return {
    conversion_id: id,
    conversion_type: 'customer',
    amount_reporting: amount,
    is_new_customer: 'true',
    converted_date: `2024-${day}`,
    converted_at: `2024-${day}T12:00:00Z`,
  };
}

const GIVEN = {
  touchpoints: [
    touch('late1', 'late', 'Email', '04-20'),
    touch('edited1', 'edited', 'Email', '04-20'),
    touch('gone1', 'gone', 'Email', '04-20'),
    touch('same1', 'same', 'Paid Search', '04-20'),
    touch('open1', 'open', 'Email', '05-20'),
    touch('slip1', 'slip', 'Referral', '05-20'),
  ],
  all_conversions: [
    win('late', '05-01'),
    win('edited', '05-02'),
    win('gone', '05-03'),
    win('same', '05-04'),
    win('open', '05-25'),
    win('nobody', '05-05'),
    win('slip', '05-26'),
  ],
  conversion_people: ['late', 'edited', 'gone', 'same', 'open', 'slip'].map((id) => ({
    conversion_id: id,
    person_id: id,
  })),
  spend_daily: [{ channel: 'Paid Search', source_grain: 'day', spend_reporting: '300', spend_date: '2024-05-04' }],
};

/**
 * What became known on 3 June: a late touch, another amount, a deal re-opened after its credits had settled and one before,
 * and a late touch of an open conversion.
 */
const LATER = {
  touchpoints: [touch('late2', 'late', 'Display', '04-25'), touch('open2', 'open', 'Display', '05-21')],
  all_conversions: [
    win('edited', '05-02', '120'),
    { ...win('gone', '05-03'), reversed_at: '2024-06-02T09:00:00Z' },
    { ...win('slip', '05-26'), reversed_at: '2024-06-02T09:00:00Z' },
  ],
  conversion_reversals: ['gone', 'slip'].map((id) => ({
    conversion_id: id,
    cause: 'reopened',
    reversed_date: '2024-06-02',
    reversed_at: '2024-06-02T09:00:00Z',
    recorded_at: '2024-06-02T09:00:00Z',
  })),
};

for (const engine of enginesOrOne('postgres')) {
  describe(engine, { timeout: 120_000 }, () => {
    let opened: TestWarehouse;
    let project: ModelProject;
    let compiled: CompiledProject;

    beforeEach(async () => {
      opened = await openTestWarehouse(engine);
      project = await pathsProject();
      compiled = await compileProject(project, engine);
      await openPaths(opened.warehouse);
      await loadPaths(opened.warehouse, GIVEN);
    });
    afterEach(() => opened.dispose());

    const credits = async (relation: string): Promise<string[]> => {
      const rows = await opened.warehouse.query(
        `select conversion_id, channel, credit, amount_credit from ${relation} as credits where attribution_model = 'linear' order by 1, 2`,
      );
      return rows.map((row) => `${row['conversion_id']} ${row['channel']} ${row['credit']} ${row['amount_credit']}`);
    };
    const byChannel = async (sql: string, month = '2024-05-01'): Promise<Record<string, unknown>> => {
      const rows = await opened.warehouse.query(
        `select channel, customers from (${sql}) as cac
         where period_grain = 'month' and period_start = date '${month}' and customers <> 0`,
      );
      return Object.fromEntries(rows.map(({ channel, customers }) => [channel, customers]));
    };

    it('Credits stay as they settled; what was learnt since is restated with its cause, and both can be asked for', async () => {
      const { warehouse } = opened;
      await buildPaths(warehouse, project, '2024-06-01T06:00:00Z');
      const first = [
        'edited Email 1 100.000000',
        'gone Email 1 100.000000',
        'late Email 1 100.000000',
        'nobody (unattributed) 1 100.000000',
        'same Paid Search 1 100.000000',
      ];
      expect(await credits('core.settled_credits')).toEqual(first);
      const unsettled = ['open Email 1 100.000000', 'slip Referral 1 100.000000'];
      expect(await credits('core.attribution_credits')).toEqual([...first, ...unsettled].toSorted());

      await loadPaths(warehouse, LATER);
      const second = await buildPaths(warehouse, project, '2024-06-03T06:00:00Z');
      const ran = Object.fromEntries(second.relations.map(({ name, ran: how }) => [name, how]));
      expect(ran).toMatchObject({
        path_credits: 'incremental',
        current_credits: 'incremental',
        settled_credits: 'incremental',
      });

      // nothing of what was frozen moved; the open conversion did
      expect(await credits('core.settled_credits')).toEqual(first);
      expect(await credits('core.attribution_credits')).toEqual(
        [...first, 'open Display 0.5 50.000000', 'open Email 0.5 50.000000', 'slip Referral 1 100.000000'].toSorted(),
      );
      const causes = await warehouse.query(
        `select distinct conversion_id, cause from core.attribution_restatements order by 1`,
      );
      expect(causes.map(({ conversion_id: id, cause }) => `${id}: ${cause}`)).toEqual([
        'edited: edited amount',
        'gone: withdrawn conversion',
        'late: late touch',
      ]);
      const linear = await warehouse.query(
        `select conversion_id, touchpoint_id, change, locked_credit, known_credit, locked_amount_credit, known_amount_credit
         from core.attribution_restatements where attribution_model = 'linear' order by 1, 2`,
      );
      expect(linear.map((row) => Object.values(row).join(' '))).toEqual([
        'edited edited1 changed 1 1 100.000000 120.000000',
        'gone gone1 removed 1  100.000000 ',
        'late late1 changed 1 0.5 100.000000 50.000000',
        'late late2 added  0.5  50.000000',
      ]);

      // as reported, as known now, as known and as reported at each build: through the SQL of the marts
      const known = { Email: 2, Display: 1, 'Paid Search': 1, '(unattributed)': 1, '(all)': 5 };
      expect(await byChannel('select * from marts.cac')).toEqual({
        ...known,
        Email: 3.5,
        Display: 0.5,
        Referral: 1,
        '(all)': 7,
      });
      expect(await byChannel(await modelSql(warehouse, compiled, 'cac', creditsKnownNow(warehouse, compiled)))).toEqual(
        known,
      );
      // who left is given back on that day, settled or not
      const knownNow = creditsKnownNow(warehouse, compiled);
      expect(await byChannel('select * from marts.cac', '2024-06-01')).toEqual({
        Email: -1,
        Referral: -1,
        '(all)': -2,
      });
      expect(await byChannel(await modelSql(warehouse, compiled, 'cac', knownNow), '2024-06-01')).toEqual({});
      const at = async (day: string, state: 'reported' | 'known', month?: string): Promise<Record<string, unknown>> => {
        const build = await lastBuildAt(warehouse, (clock) => clock.toISOString().slice(0, 10) <= day, day);
        const given = creditsAt(warehouse, compiled, build, { state, today: day, settledTo: '2024-05-17' });
        return byChannel(await modelSql(warehouse, compiled, 'cac', given), month);
      };
      expect(await at('2024-06-02', 'reported', '2024-06-01')).toEqual({});
      expect(await at('2024-06-03', 'reported', '2024-06-01')).toEqual({ Email: -1, '(all)': -1 });
      expect(await at('2024-06-03', 'known', '2024-06-01')).toEqual({});
      const reported = { Email: 3, 'Paid Search': 1, '(unattributed)': 1, '(all)': 5 };
      expect(await at('2024-06-02', 'reported')).toEqual(reported);
      expect(await at('2024-06-02', 'known')).toEqual(reported);
      expect(await at('2024-06-03', 'reported')).toEqual(reported);
      expect(await at('2024-06-03', 'known')).toEqual({
        Email: 1.5,
        Display: 0.5,
        'Paid Search': 1,
        '(unattributed)': 1,
        '(all)': 4,
      });
      await expect(at('2024-05-31', 'known')).rejects.toThrow(/nothing had been built by 2024-05-31/);

      // time alone settles the open one; the same again says nothing new
      // nor does what ended before it settled ever settle
      await buildPaths(warehouse, project, '2024-06-10T06:00:00Z');
      expect(await credits('core.settled_credits')).toEqual(
        [...first, 'open Display 0.5 50.000000', 'open Email 0.5 50.000000'].toSorted(),
      );
      expect(await warehouse.query('select distinct build_id from core.attribution_restatements')).toEqual([
        { build_id: 'b2' },
      ]);
    });

    it('A row changed by hand is found, with month and build, and named; so is one taken out', async () => {
      const { warehouse } = opened;
      await buildPaths(warehouse, project, '2024-06-01T06:00:00Z');
      await loadPaths(warehouse, LATER);
      await buildPaths(warehouse, project, '2024-06-03T06:00:00Z');
      expect(await verifyLedger(warehouse, 'settled_credits')).toEqual([]);
      const kept = 'revops_store.settled_credits__kept';
      const edit = (set: string, where: string): Promise<unknown> =>
        warehouse.execute(`update ${kept} set ${set} where attribution_model = 'linear' and ${where}`);
      await edit(`channel = 'Display'`, `conversion_id = 'same'`);
      await edit('amount_credit = 120', `conversion_id = 'edited'`);
      const breaches = await verifyLedger(warehouse, 'settled_credits');
      expect(breaches).toMatchObject([{ period: '2024-05', buildId: 'b1' }]);
      expect(await changedCredits(warehouse, breaches)).toEqual([
        { conversion_id: 'edited', touchpoint_id: 'edited1', attribution_model: 'linear' },
        { conversion_id: 'same', touchpoint_id: 'same1', attribution_model: 'linear' },
      ]);
      await edit(`channel = 'Paid Search'`, `conversion_id = 'same'`);
      await edit('amount_credit = 100', `conversion_id = 'edited'`);
      expect(await verifyLedger(warehouse, 'settled_credits')).toEqual([]);
      await warehouse.execute(`delete from ${kept} where conversion_id = 'same' and attribution_model = 'linear'`);
      const [breach] = await verifyLedger(warehouse, 'settled_credits');
      expect(breach?.foundRows).toBe((breach?.frozenRows ?? 0) - 1);
    });

    it('Nothing settles before the first lock; a closed period settles at once; another definition restates and never rewrites', async () => {
      const { warehouse } = opened;
      await buildPaths(warehouse, project, '2024-06-01T06:00:00Z', { has_baseline: false, baseline_id: null });
      expect(await credits('core.settled_credits')).toEqual([]);
      await buildPaths(warehouse, project, '2024-06-01T07:00:00Z', { closed_to: '2024-05-31' });
      const settled = await credits('core.settled_credits');
      expect(settled).toHaveLength(7);
      await buildPaths(warehouse, project, '2024-06-01T08:00:00Z', {
        closed_to: '2024-05-31',
        lookback_days: 1,
        baseline_id: 'b2',
      });
      expect(await credits('core.settled_credits')).toEqual(settled);
      const stamps = await warehouse.query('select distinct baseline_id from core.attribution_credits');
      expect(stamps).toEqual([{ baseline_id: 'b1' }]);
      const causes = await warehouse.query('select distinct cause from core.attribution_restatements');
      expect(causes).toEqual([{ cause: 'setting' }]);
      expect(await verifyLedger(warehouse, 'settled_credits')).toEqual([]);
    });
  });
}
