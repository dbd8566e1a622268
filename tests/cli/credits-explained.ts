/**
 * Holds explanations of credits against the models' own numbers.
 */
import { expect } from 'vitest';

import { conversionFacts } from '../../src/cli/explain-conversion-rows.ts';
import { creditFacts } from '../../src/cli/explain-credit-rows.ts';
import type { Session } from '../../src/warehouse/contract.ts';

/** The longest paths' conversions, under every model: weights divided by their sum are the credits, which add up to 1. */
export async function everyCreditIsExplained(session: Session, most = 5): Promise<void> {
  const conversions = await session.query<{ conversion_id: string }>(
    `select conversion_id from attribution_credits group by conversion_id
     order by max(path_length) desc, byte_order(conversion_id) limit ${most}`,
  );
  expect(conversions.length).toBeGreaterThan(1);
  const models = await session.query<{ attribution_model: string }>('select attribution_model from attribution_models');
  expect(models).toHaveLength(9);
  for (const { conversion_id: conversion } of conversions) {
    const { touchpoints, window } = await conversionFacts(session, conversion);
    for (const { position, occurred_at: at, left_out: why } of touchpoints) {
      const [opens, converted] = [String(window?.['opens_at']), String(window?.['converted_at'])];
      const isInside = opens <= String(at) && String(at) <= converted;
      expect([position !== null, why === null], `${conversion} ${at}`).toEqual([isInside, isInside]);
    }
    for (const { attribution_model: model } of models) {
      const facts = await creditFacts(session, { conversion, touchpoint: undefined, model }, async () => []);
      const label = `${conversion} by ${model}`;
      expect(facts.path.length, label).toBeGreaterThan(0);
      for (const { computed_credit: own, known } of facts.path) expect(own, label).toBeCloseTo(known?.credit ?? 0, 9);
      expect(
        facts.path.reduce((sum, { computed_credit: own }) => sum + (own ?? 0), 0),
        label,
      ).toBeCloseTo(1, 9);
    }
  }
}
