import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addDays, dayOf, startOfDay } from '../../src/sync/days.ts';
import { daysNeeded, finalAt, windowSlices, type DayPlan } from '../../src/sync/slices.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Africa/Cairo',
  'Asia/Kathmandu',
];

const plans: fc.Arbitrary<DayPlan> = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    restates: fc.integer({ min: 0, max: 35 }),
    now: fc.date({ min: new Date('2018-01-01T00:00:00Z'), max: new Date('2026-12-31T23:59:59Z'), noInvalidDate: true }),
    length: fc.integer({ min: -1, max: 120 }),
    earliest: fc.option(fc.integer({ min: -10, max: 130 })),
    known: fc.array(fc.tuple(fc.integer({ min: -5, max: 125 }), fc.integer({ min: 0, max: 60 * 24 })), {
      maxLength: 120,
    }),
  })
  .map(({ timeZone, restates, now, length, earliest, known }) => {
    const today = dayOf(now, timeZone);
    const start = addDays(today, -length);
    return {
      timeZone,
      restates,
      start,
      earliest: earliest === null ? undefined : addDays(start, earliest),
      now,
      known: new Map(known.map(([day, hours]) => [addDays(start, day), now.getTime() - hours * 3_600_000])),
    };
  });

describe('windowSlices', () => {
  it('covers exactly the days that need it, once, in slices within the limit', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 40 }), (plan, sliceDays) => {
        const today = dayOf(plan.now, plan.timeZone);
        const expected: string[] = [];
        for (let day = plan.start; day <= today; day = addDays(day, 1)) {
          if (plan.earliest !== undefined && day < plan.earliest) continue;
          const loadedAt = plan.known.get(day);
          if (loadedAt === undefined || Number(loadedAt) < finalAt(day, plan.timeZone, plan.restates).getTime())
            expected.push(day);
        }
        const covered: string[] = [];
        for (const { from, to } of windowSlices(plan, sliceDays)) {
          let length = 0;
          for (let day = from; day <= to; day = addDays(day, 1)) {
            covered.push(day);
            length += 1;
          }
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(sliceDays);
        }
        expect(covered).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('asks for nothing but today and days that are not final once everything was just loaded', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const known = new Map(daysNeeded({ ...plan, known: new Map() }).map(({ day }) => [day, plan.now.getTime()]));
        for (const { day, reason } of daysNeeded({ ...plan, known })) {
          expect(reason).toBe('not_final');
          expect(finalAt(day, plan.timeZone, plan.restates).getTime()).toBeGreaterThan(plan.now.getTime());
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('merges adjacent days, whatever the reason, and splits runs at days that are final', () => {
    const plan: DayPlan = {
      timeZone: 'UTC',
      restates: 1,
      start: '2026-01-01',
      now: new Date('2026-01-10T12:00:00Z'),
      known: new Map([
        ['2026-01-04', '2026-01-09T00:00:00Z'],
        ['2026-01-07', '2026-01-08T00:00:00Z'],
      ]),
    };
    expect(windowSlices(plan, 4)).toEqual([
      { from: '2026-01-01', to: '2026-01-03' },
      { from: '2026-01-05', to: '2026-01-08' },
      { from: '2026-01-09', to: '2026-01-10' },
    ]);
  });
});

describe('startOfDay', () => {
  it('is the first instant that falls on the day, in every zone and through every change of clocks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 3300 }), (zone, offset) => {
        const day = addDays('2018-01-01', offset);
        const start = startOfDay(day, zone).getTime();
        expect(dayOf(new Date(start), zone)).toBe(day);
        expect(dayOf(new Date(start - 1), zone) < day).toBe(true);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('follows the clocks: days of 23 and 25 hours, and a midnight that does not exist', () => {
    const hours = (day: string, zone: string): number =>
      (startOfDay(addDays(day, 1), zone).getTime() - startOfDay(day, zone).getTime()) / 3_600_000;
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo').toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });

  it('refuses a zone nobody knows', () => {
    expect(() => dayOf(new Date(), 'Europe/Atlantis')).toThrow(/unknown time zone/);
  });
});

it('a day that was read in the future is read again: the clock of that run was wrong', () => {
  const at = (now: string): string[] =>
    daysNeeded({
      timeZone: 'UTC',
      restates: 1,
      start: '2026-03-01',
      now: new Date(now),
      known: new Map(['2026-03-01', '2026-03-02', '2026-03-03'].map((day) => [day, '2026-05-01T00:00:00.000Z'])),
    }).map(({ day }) => day);
  expect(at('2026-03-02T12:00:00Z')).toEqual(['2026-03-01', '2026-03-02']);
  expect(at('2026-05-01T00:00:00Z')).not.toContain('2026-03-03');
});
