import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  acknowledge,
  judge,
  readFindings,
  recordedErrors,
  recordFindings,
  trustOf,
  type Check,
  type Judgement,
  type Trust,
} from '../../src/quality/index.ts';
import { migrateState, state, statement } from '../../src/warehouse/state/index.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const CHECKS: Check[] = [
  { name: 'drops', description: 'by day', tags: [], isByDay: true, gates: 'volume', remedy: 'look' },
  { name: 'notes', description: 'gates nothing', tags: [], isByDay: false, remedy: 'read' },
  { name: 'unbuilt', description: 'no build had it', tags: [], isByDay: false, gates: 'coverage', remedy: 'wait' },
];
const FRESH = 26;

for (const engine of engines) {
  describe(`checks on ${engine}`, () => {
    let test: TestWarehouse;
    beforeEach(async () => {
      test = await openTestWarehouse(engine);
      await migrateState(test.warehouse, () => new Date('2026-03-01T00:00:00Z'));
      await test.warehouse.script(`create schema quality;
        create table quality.drops (subject text, day date, severity text, detail text);
        create table quality.notes (subject text, day date, severity text, detail text);`);
    });
    afterEach(() => test.dispose());

    const find = (check: string, ...rows: [subject: string, day: string, severity: string][]): Promise<void> =>
      test.warehouse.script(
        [
          `delete from quality.${check}`,
          ...rows.map(
            ([subject, day, severity]) =>
              `insert into quality.${check} values ('${subject}', date '${day}', '${severity}', 'told of ${subject}')`,
          ),
        ].join(';'),
      );
    const built = async (id: string, at: string): Promise<string[]> => {
      const build = { build_id: id, run_id: id, started_at: at, status: 'published', clock_at: at };
      await test.warehouse.execute(...statement(state('builds').insert(build)));
      const findings = await readFindings(test.warehouse, CHECKS);
      const fresh = await recordFindings(test.warehouse, CHECKS, findings, { buildId: id, at: new Date(at) });
      return fresh.map(({ check, subject }) => `${check} ${subject}`);
    };
    const judged = (now: string): ReturnType<typeof judge> =>
      judge(test.warehouse, CHECKS, { now: new Date(now), freshnessHours: FRESH, gate: 'stamp' });
    const recorded = async (now: string, gate: 'stamp' | 'refuse' = 'stamp'): Promise<Trust> =>
      trustOf(await recordedErrors(test.warehouse, { now: new Date(now), freshnessHours: FRESH }), gate);

    it('find errors first; an error of a gating check makes numbers untrusted, one of another does not', async () => {
      await find('notes', ['b', '2026-03-01', 'error'], ['a', '2026-03-01', 'warning']);
      await built('b1', '2026-03-02T06:00:00Z');
      expect(await judged('2026-03-02T07:00:00Z')).toMatchObject({
        trust: 'trusted',
        because: [],
        findings: [
          { check: 'notes', subject: 'b', day: '2026-03-01', gates: null, ack: null },
          { check: 'notes', subject: 'a', detail: 'told of a' },
        ],
      });
      await find('drops', ['leads', '2026-03-01', 'investigate']);
      expect((await judged('2026-03-02T07:00:00Z')).trust).toBe('trusted');
      await find('drops', ['leads', '2026-03-01', 'error']);
      expect(await judged('2026-03-02T07:00:00Z')).toMatchObject({
        trust: 'untrusted',
        because: [{ check: 'drops', subject: 'leads' }],
      });
    });

    it('remember since when they find something, while days of other checks pass, and when it ended', async () => {
      await find('drops', ['leads', '2026-03-01', 'error'], ['leads', '2026-02-28', 'error']);
      await find('notes', ['crm', '2026-03-01', 'warning']);
      expect(await built('b1', '2026-03-02T06:00:00Z')).toEqual(['drops leads', 'drops leads', 'notes crm']);
      await find('drops', ['leads', '2026-03-01', 'investigate'], ['leads', '2026-03-02', 'error']);
      await find('notes', ['crm', '2026-03-02', 'warning']);
      expect(await built('b2', '2026-03-03T06:00:00Z')).toEqual(['drops leads']);
      const { findings } = await judged('2026-03-03T07:00:00Z');
      expect(findings.map(({ check, day, since }) => [check, day, since?.slice(0, 10)])).toEqual([
        ['drops', '2026-03-02', '2026-03-03'],
        ['drops', '2026-03-01', '2026-03-02'],
        ['notes', '2026-03-02', '2026-03-02'],
      ]);
      await find('drops');
      await built('b3', '2026-03-04T06:00:00Z');
      await find('drops', ['leads', '2026-03-02', 'error']);
      expect(await built('b4', '2026-03-05T06:00:00Z')).toEqual(['drops leads']);
      const times = await test.warehouse.query(
        ...statement(
          state('check_results')
            .where({ check_name: 'drops', finding: 'leads 2026-03-02' })
            .orderBy('opened_at')
            .select('build_id', 'closed_at'),
        ),
      );
      expect(times).toEqual([
        { build_id: 'b2', closed_at: '2026-03-04T06:00:00.000000Z' },
        { build_id: 'b4', closed_at: null },
      ]);
    });

    it('are answered for about one subject, or all, until a day; the findings stay', async () => {
      await find('drops', ['leads', '2026-03-01', 'error'], ['wins', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      const ack = { check: 'drops', reason: 'a holiday', by: 'ann', acknowledgedAt: '2026-03-02T06:30:00.000Z' };
      await acknowledge(test.warehouse, { ...ack, subject: 'leads', expiresAt: '2026-03-02T12:00:00.000Z' });
      expect(await judged('2026-03-02T07:00:00Z')).toMatchObject({
        trust: 'untrusted',
        because: [{ check: 'drops', subject: 'wins' }],
      });
      await acknowledge(test.warehouse, { ...ack, subject: null, expiresAt: '2026-03-02T09:00:00.000Z' });
      const answered = await judged('2026-03-02T08:59:59Z');
      expect(answered.trust).toBe('trusted');
      expect(answered.findings.map(({ ack: found }) => found?.reason)).toEqual(['a holiday', 'a holiday']);
      expect(answered.findings[0]?.ack?.by).toBe('ann');
      expect(namesOf(await judged('2026-03-02T09:00:00Z'))).toEqual(['drops wins']);
      expect(namesOf(await judged('2026-03-02T12:00:00Z'))).toEqual(['drops leads', 'drops wins']);
      // before anybody answered
      expect(namesOf(await judged('2026-03-02T06:29:59Z'))).toEqual(['drops leads', 'drops wins']);
    });

    it('are recorded with what they gate, so that numbers can be stamped without the models', async () => {
      await find('drops', ['leads', '2026-03-01', 'error'], ['wins', '2026-03-01', 'investigate']);
      await find('notes', ['crm', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      const because = [{ check: 'drops', subject: 'leads' }];
      expect(await recorded('2026-03-02T07:00:00Z')).toEqual({ trust: 'untrusted', because });
      expect(await recorded('2026-03-04T07:00:00Z')).toEqual({
        trust: 'untrusted',
        because: [{ check: 'build_age', subject: 'the warehouse' }, ...because],
      });
      const times = { acknowledgedAt: '2026-03-02T06:30:00.000Z', expiresAt: '2026-03-02T12:00:00.000Z' };
      const ack = { reason: 'x', by: 'ann', ...times };
      await acknowledge(test.warehouse, { check: 'drops', subject: 'leads', ...ack });
      expect(await recorded('2026-03-02T07:00:00Z')).toEqual({ trust: 'trusted', because: [] });
      expect((await recorded('2026-03-02T13:00:00Z')).because).toEqual(because);
      await find('drops');
      await built('b2', '2026-03-02T13:00:00Z');
      expect(await recorded('2026-03-02T13:00:00Z')).toEqual({ trust: 'trusted', because: [] });
      await test.warehouse.execute('drop table revops.check_results');
      expect(await recorded('2026-03-02T13:00:00Z')).toEqual({ trust: 'unchecked', because: [] });
    });

    it('refuse numbers on red data or definitions, whatever they gate, where the project says so; attribution is not under itself', async () => {
      const own = (tags: string[]): Check => ({ ...(CHECKS[1] as Check), tags });
      const at = { buildId: 'b1', at: new Date('2026-03-02T06:00:00Z') };
      for (const [layer, trust] of [
        ['data', 'untrusted'],
        ['pipeline', 'untrusted'],
        ['attribution', 'trusted'],
      ] as const) {
        await find('notes', ['crm', '2026-03-01', 'error']);
        const checks = [own([layer])];
        await recordFindings(test.warehouse, checks, await readFindings(test.warehouse, checks), at);
        expect([layer, (await recorded('2026-03-02T07:00:00Z', 'refuse')).trust]).toEqual([layer, trust]);
        expect((await recorded('2026-03-02T07:00:00Z')).trust).toBe('trusted');
        const settings = { now: at.at, freshnessHours: FRESH, gate: 'refuse' } as const;
        expect((await judge(test.warehouse, checks, settings)).trust).toBe(trust);
      }
    });

    it('say that nothing was built lately, which no model can', async () => {
      await built('b1', '2026-03-02T06:00:00Z');
      expect((await judged('2026-03-03T08:00:00Z')).trust).toBe('trusted');
      expect(await judged('2026-03-03T09:00:01Z')).toMatchObject({
        trust: 'untrusted',
        because: [{ check: 'build_age', subject: 'the warehouse' }],
        findings: [{ gates: 'freshness', detail: 'was built 27 hours ago, 26 are allowed' }],
      });
    });

    it('say that a build was made later than now, by a clock that was wrong', async () => {
      await built('b1', '2026-03-02T06:00:00Z');
      expect((await judged('2026-03-02T05:00:00Z')).findings).toEqual([]);
      expect(await judged('2026-03-01T06:00:00Z')).toMatchObject({
        trust: 'trusted',
        findings: [{ severity: 'warning', detail: 'was built 24 hours from now: a clock was or is wrong' }],
      });
      expect((await recorded('2026-03-01T06:00:00Z')).because).toEqual([]);
    });
  });
}

function namesOf({ because }: Judgement): string[] {
  return because.map(({ check, subject }) => `${check} ${subject}`);
}
