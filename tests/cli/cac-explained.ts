/**
 * Holds explanations of CAC against the marts: the parts add up to the cells, to the last digit.
 */
import { expect } from 'vitest';

import { cacFacts } from '../../src/cli/explain-cac-rows.ts';
import type { Grain } from '../../src/cli/period.ts';
import type { Session } from '../../src/warehouse/contract.ts';

/** All quarters, and the last three months and the last week of every channel. */
export async function everyCacAddsUp(session: Session): Promise<void> {
  const cells = await session.query<{ channel: string; period_grain: Grain; period_start: string; period_end: string }>(
    `with ranked as (
       select channel, period_grain, period_start, period_end,
         row_number() over (partition by channel, period_grain order by period_start desc nulls last) as place
       from cac where cost_basis = 'media'
     )
     select channel, period_grain, period_start, period_end from ranked
     where period_grain = 'quarter' or (period_grain = 'month' and place <= 3) or (period_grain = 'week' and place = 1)
     order by channel, period_grain, period_start`,
  );
  expect(cells.length).toBeGreaterThan(20);
  for (const { channel, period_grain: grain, period_start: from, period_end: to } of cells) {
    const facts = await cacFacts(session, channel, { grain, from, to });
    expect(
      facts.checks.filter(({ is_same: isSame }) => !isSame),
      `${channel} ${grain} ${from}`,
    ).toEqual([]);
    const spend = facts.spend.reduce((sum, part) => sum + micros(part.spend_reporting), 0n);
    expect([spend, facts.customers.filter(({ share }) => Number(share) > 0).length]).toEqual([
      micros(facts.totals.spend),
      facts.cac['conversions'],
    ]);
    const shares = facts.customers.reduce((sum, { share }) => sum + Number(share), 0);
    expect(shares).toBeCloseTo(Number(facts.cac['customers']), 8);
    if (facts.cac['cac'] !== null) expect(Number(facts.totals.spend) / facts.totals.customers).toBe(facts.cac['cac']);
  }
}

// --- internal ---

function micros(amount: string | null): bigint {
  return BigInt((amount ?? '0.000000').replace('.', ''));
}
