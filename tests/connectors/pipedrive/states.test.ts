import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Change, statesOf } from '../../../connectors/pipedrive/states.ts';

const deal = (more: Record<string, unknown> = {}) => ({
  id: 1,
  add_time: '2026-01-01T08:00:00Z',
  stage_id: 3,
  status: 'open',
  ...more,
});
const change = (time: string, field: string, before: string, after: string): Change => ({
  field_key: field,
  old_value: before,
  new_value: after,
  time,
  change_source: 'app',
});
const told = (...arguments_: Parameters<typeof statesOf>): string[] =>
  statesOf(...arguments_).map(({ changedAt, stageId, status }) => `${changedAt} ${stageId} ${status}`);

test('a deal that never changed is since it was made as it is now', () => {
  expect(told(deal(), [])).toEqual(['2026-01-01T08:00:00Z 3 open']);
});

test('what it was at first is what the first change changed; times are in UTC; other fields are no change', () => {
  const changelog = [
    change('2026-01-05 09:00:00', 'status', 'open', 'won'),
    change('2026-01-04 09:00:00', 'value', '1', '2'),
    change('2026-01-03 09:00:00', 'stage_id', '2', '3'),
    change('2026-01-02 09:00:00', 'stage_id', '1', '2'),
  ];
  expect(told(deal({ status: 'won', won_time: '2020-01-01T00:00:00Z' }), changelog)).toEqual([
    '2026-01-01T08:00:00Z 1 open',
    '2026-01-02T09:00:00Z 2 open',
    '2026-01-03T09:00:00Z 3 open',
    '2026-01-05T09:00:00Z 3 won',
  ]);
});

test('a deal that is won, moved, re-opened and lost goes through all of it', () => {
  const changelog = [
    change('2026-01-02 09:00:00', 'status', 'open', 'won'),
    change('2026-01-03 09:00:00', 'stage_id', '2', '3'),
    change('2026-01-04 09:00:00', 'status', 'won', 'open'),
    change('2026-01-05 09:00:00', 'status', 'open', 'lost'),
  ];
  expect(told(deal({ status: 'lost' }), changelog).map((state) => state.slice(-6).trim())).toEqual([
    '2 open',
    '2 won',
    '3 won',
    '3 open',
    '3 lost',
  ]);
});

test('a deal that was made as won was won at its own time, and known when it was made', () => {
  const [made] = statesOf(deal({ status: 'won', won_time: '2025-06-01T00:00:00Z' }), []);
  expect(made).toMatchObject({
    status: 'won',
    changedAt: '2025-06-01T00:00:00Z',
    recordedAt: '2026-01-01T08:00:00Z',
  });
});

test('changes of one second keep their order, whichever way the changelog is given', () => {
  const chain = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(chain, (gaps) => {
      let second = 0;
      const changelog = gaps.map((gap, index) => {
        second += gap;
        return change(`2026-01-02 09:00:${String(second).padStart(2, '0')}`, 'stage_id', `${index}`, `${index + 1}`);
      });
      const stages = (given: Change[]): (string | null)[] =>
        statesOf(deal({ stage_id: gaps.length }), given).map(({ stageId }) => stageId);
      expect(stages(changelog.toReversed())).toEqual([0, ...gaps.keys().map((index) => index + 1)].map(String));
      if (gaps.slice(1).some((gap) => gap > 0))
        expect(stages(changelog)).toEqual([0, ...gaps.keys().map((index) => index + 1)].map(String));
    }),
    { seed: 20_260_301 },
  );
});
