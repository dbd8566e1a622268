import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  acknowledge,
  judge,
  recordShown,
  type Check,
  type Judged,
  type Judgement,
  type TrustSettings,
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
    type Kind = { answers?: 'whole' | 'part' | 'none' | null; status?: string; checks?: Check[] };
    /** A build as the engine records it, and what the program records after it. */
    const built = async (id: string, at: string, kind: Kind = {}): Promise<string[]> => {
      const { answers = 'whole', status = 'published', checks = CHECKS } = kind;
      const told = { answers, checks: answers === 'whole' ? JSON.stringify(checks) : null };
      const build = { build_id: id, run_id: id, started_at: at, status, clock_at: at, ...told };
      await test.warehouse.execute(...statement(state('builds').insert(build)));
      const fresh = await recordShown(test.warehouse, checks, new Date(at));
      return fresh.map(({ check, subject }) => `${check} ${subject}`);
    };
    const judged = (now: string, gate: TrustSettings['gate'] = 'stamp'): Promise<Judgement> =>
      judge(test.warehouse, { now: new Date(now), freshnessHours: FRESH, gate });
    /** Answers for what is found of those subjects. */
    const answer = async (now: string, expiresAt: string, ...subjects: string[]): Promise<void> => {
      const { findings } = await judged(now);
      for (const { check, subject, id, severity } of findings.filter((one) => subjects.includes(one.subject))) {
        const told = { reason: 'a holiday', by: 'ann', acknowledgedAt: now, expiresAt };
        await acknowledge(test.warehouse, { check, subject, finding: id, severity, ...told });
      }
    };

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
      // what is shown judges, whoever recorded it or did not
      await find('drops', ['leads', '2026-03-01', 'error']);
      expect(await judged('2026-03-02T07:00:00Z')).toMatchObject({
        trust: 'untrusted',
        because: [{ check: 'drops', subject: 'leads' }],
      });
    });

    it('name nobody: what is about two people is one finding, and the rows of the check keep them', async () => {
      await find(
        'notes',
        ['unknown: ann.o+1@mail.example.com / newsl', '2026-03-01', 'warning'],
        ['unknown: Bob%40example.org / newsl', '2026-03-02', 'error'],
        ['spend in +49 30 1234567 (EUR)', '2026-03-01', 'warning'],
        ['ads 123-456-7890 2026-03-01 me@2x', '2026-03-01', 'warning'],
      );
      await find('drops', ['x@example.com', '2026-03-01', 'error'], ['x@example.com', '2026-03-02', 'error']);
      expect(await built('b1', '2026-03-03T06:00:00Z')).toEqual([
        'drops [e-mail]',
        'drops [e-mail]',
        'notes unknown: [e-mail] / newsl',
        'notes ads 123-456-7890 2026-03-01 me@2x',
        'notes spend in [phone] (EUR)',
      ]);
      const judgement = await judged('2026-03-03T07:00:00Z');
      expect(judgement.findings.map(({ id, severity, detail }) => [id, severity, detail])).toEqual([
        ['[e-mail] 2026-03-01', 'error', 'told of [e-mail]'],
        ['[e-mail] 2026-03-02', 'error', 'told of [e-mail]'],
        ['unknown: [e-mail] / newsl', 'error', 'told of unknown: [e-mail] / newsl'],
        ['ads 123-456-7890 2026-03-01 me@2x', 'warning', 'told of ads 123-456-7890 2026-03-01 me@2x'],
        ['spend in [phone] (EUR)', 'warning', 'told of spend in [phone] (EUR)'],
      ]);
      // answered for by what is shown
      await answer('2026-03-03T08:00:00.000Z', '2026-03-30T00:00:00.000Z', 'unknown: [e-mail] / newsl');
      const records = await Promise.all(
        ['check_results', 'check_acks'].map((table) => test.warehouse.query(...statement(state(table).select()))),
      );
      expect(JSON.stringify([records, judgement])).not.toMatch(/example|1234567/);
      expect(await test.warehouse.query(`select subject from quality.notes where subject like '%ann.o%'`)).toHaveLength(
        1,
      );
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

    it('are answered for as they stand, until a day; the findings stay', async () => {
      await find('drops', ['leads', '2026-03-01', 'error'], ['wins', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      await answer('2026-03-02T06:30:00.000Z', '2026-03-02T12:00:00.000Z', 'leads');
      expect(namesOf(await judged('2026-03-02T07:00:00Z'))).toEqual(['drops wins']);
      await answer('2026-03-02T06:30:00.000Z', '2026-03-02T09:00:00.000Z', 'leads', 'wins');
      const answered = await judged('2026-03-02T08:59:59Z');
      expect(answered.trust).toBe('trusted');
      expect(answered.findings.map(({ ack: found }) => found?.reason)).toEqual(['a holiday', 'a holiday']);
      expect(answered.findings[0]?.ack?.by).toBe('ann');
      expect(namesOf(await judged('2026-03-02T09:00:00Z'))).toEqual(['drops wins']);
      expect(namesOf(await judged('2026-03-02T12:00:00Z'))).toEqual(['drops leads', 'drops wins']);
      // before anybody answered
      expect(namesOf(await judged('2026-03-02T06:29:59Z'))).toEqual(['drops leads', 'drops wins']);
    });

    it('are answered for no more where they grow graver, end and begin again, or are about another day', async () => {
      await find('drops', ['leads', '2026-03-01', 'investigate']);
      await find('notes', ['crm', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      await answer('2026-03-02T06:30:00.000Z', '2026-03-30T00:00:00.000Z', 'leads', 'crm');
      const open = async (now: string): Promise<string[]> =>
        (await judged(now)).findings.filter(({ ack }) => ack === null).map(shortOf);
      expect(await open('2026-03-02T07:00:00Z')).toEqual([]);
      await find('drops', ['leads', '2026-03-01', 'error']);
      await built('b2', '2026-03-03T06:00:00Z');
      expect(await open('2026-03-03T07:00:00Z')).toEqual(['error drops leads 2026-03-01']);
      await find('drops', ['leads', '2026-03-01', 'warning'], ['leads', '2026-03-02', 'warning']);
      await find('notes');
      await built('b3', '2026-03-04T06:00:00Z');
      expect(await open('2026-03-04T07:00:00Z')).toEqual(['warning drops leads 2026-03-02']);
      await find('notes', ['crm', '2026-03-04', 'error']);
      await built('b4', '2026-03-05T06:00:00Z');
      expect(await open('2026-03-05T07:00:00Z')).toEqual([
        'error notes crm 2026-03-04',
        'warning drops leads 2026-03-02',
      ]);
    });

    it('were answered for by an earlier version about whatever comes: that holds no more', async () => {
      await find('drops', ['leads', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      const row = { check_name: 'drops', subject: null, reason: 'x', acknowledged_at: '2026-03-02T06:30:00Z' };
      await test.warehouse.execute(
        ...statement(state('check_acks').insert({ ...row, expires_at: '2026-03-30T00:00:00Z' })),
      );
      expect(namesOf(await judged('2026-03-02T07:00:00Z'))).toEqual(['drops leads']);
    });

    it('judge by what the build knew of them, whatever the project says by now', async () => {
      await find('notes', ['crm', '2026-03-01', 'error']);
      await built('b1', '2026-03-02T06:00:00Z');
      expect((await judged('2026-03-02T07:00:00Z')).trust).toBe('trusted');
      const checks = CHECKS.map((check) => ({ ...check, gates: 'coverage' as const }));
      await built('b2', '2026-03-02T08:00:00Z', { checks, status: 'unchanged' });
      expect(namesOf(await judged('2026-03-02T09:00:00Z'))).toEqual(['notes crm']);
    });

    it('have not run where no build made all of them: numbers are unchecked', async () => {
      const unchecked = { trust: 'unchecked', because: [] };
      expect(await judged('2026-03-02T07:00:00Z')).toEqual({ ...unchecked, findings: [], asked: [] });
      await built('b1', '2026-03-02T06:00:00Z', { answers: 'part' });
      await built('b2', '2026-03-02T06:10:00Z', { answers: 'none' });
      await built('b3', '2026-03-02T06:20:00Z', { answers: null });
      await built('b4', '2026-03-02T06:30:00Z', { status: 'audit_failed' });
      await built('b5', '2026-03-02T06:40:00Z', { status: 'rolled_back' });
      expect(await judged('2026-03-02T07:00:00Z')).toEqual({ ...unchecked, findings: [], asked: [] });
      await find('notes', ['crm', '2026-03-01', 'error']);
      const known = await judge(
        test.warehouse,
        { now: new Date('2026-03-02T07:00:00Z'), freshnessHours: FRESH, gate: 'stamp' },
        CHECKS,
      );
      expect([known.trust, known.findings.map(shortOf)]).toEqual(['unchecked', ['error notes crm 2026-03-01']]);
      await built('b6', '2026-03-02T06:50:00Z');
      expect((await judged('2026-03-02T07:00:00Z')).trust).toBe('trusted');
    });

    it('do not stand for numbers of another build: one that made a part of both makes them untrusted, and no younger', async () => {
      await built('b1', '2026-03-02T06:00:00Z');
      await built('b2', '2026-03-02T07:00:00Z', { answers: 'none' });
      await built('b3', '2026-03-02T07:10:00Z', { answers: 'part', status: 'unchanged' });
      expect((await judged('2026-03-02T08:00:00Z')).trust).toBe('trusted');
      await built('b10', '2026-03-03T07:00:00Z', { answers: 'part' });
      expect(namesOf(await judged('2026-03-03T08:00:00Z'))).toEqual(['build_age checks and numbers']);
      expect(namesOf(await judged('2026-03-03T08:00:01Z'))).toEqual([
        'build_age the warehouse',
        'build_age checks and numbers',
      ]);
      await answer('2026-03-03T07:30:00.000Z', '2026-03-30T00:00:00.000Z', 'checks and numbers');
      expect(namesOf(await judged('2026-03-03T07:40:00Z'))).toEqual([]);
      await built('b11', '2026-03-03T07:50:00Z', { answers: 'part' });
      expect(namesOf(await judged('2026-03-03T07:55:00Z'))).toEqual(['build_age checks and numbers']);
      await built('b12', '2026-03-03T09:00:00Z', { status: 'unchanged' });
      expect((await judged('2026-03-04T10:00:00Z')).trust).toBe('trusted');
    });

    it('refuse numbers on red data or definitions, whatever they gate, where the project says so; attribution is not under itself', async () => {
      await find('notes', ['crm', '2026-03-01', 'error']);
      for (const [number, layer, trust] of [
        [1, 'data', 'untrusted'],
        [2, 'pipeline', 'untrusted'],
        [3, 'attribution', 'trusted'],
      ] as const) {
        const checks = CHECKS.map((check) => ({ ...check, tags: [layer] }));
        await built(`b${number}`, '2026-03-02T06:00:00Z', { checks });
        expect([layer, (await judged('2026-03-02T07:00:00Z', 'refuse')).trust]).toEqual([layer, trust]);
        expect((await judged('2026-03-02T07:00:00Z')).trust).toBe('trusted');
      }
    });

    it('say that nothing was built lately, which no model can', async () => {
      await built('b1', '2026-03-02T06:00:00Z');
      expect((await judged('2026-03-03T08:00:00Z')).trust).toBe('trusted');
      expect(await judged('2026-03-03T08:00:01Z')).toMatchObject({
        trust: 'untrusted',
        because: [{ check: 'build_age', subject: 'the warehouse' }],
        findings: [{ gates: 'freshness', detail: 'was built 26.1 hours ago, 26 are allowed' }],
      });
    });

    it('say that a build was made later than now, by a clock that was wrong', async () => {
      await built('b1', '2026-03-02T06:00:00Z');
      expect((await judged('2026-03-02T05:00:00Z')).findings).toEqual([]);
      expect(await judged('2026-03-01T06:00:00Z')).toMatchObject({
        trust: 'trusted',
        findings: [{ severity: 'warning', detail: 'was built 24 hours from now: a clock was or is wrong' }],
      });
    });
  });
}

function shortOf({ severity, check, subject, day }: Judged): string {
  return `${severity} ${check} ${subject} ${day}`;
}

function namesOf({ because }: Judgement): string[] {
  return because.map(({ check, subject }) => `${check} ${subject}`);
}
