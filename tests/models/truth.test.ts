import { describe, expect, test } from 'vitest';

import { createWorld, worldEnd } from '../../fixtures/world/index.ts';
import { everyCacAddsUp } from '../cli/cac-explained.ts';
import { everyCreditIsExplained } from '../cli/credits-explained.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { reading } from '../support/reader.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { enginesOrOne, openTestWarehouse } from '../support/warehouses.ts';
import { foundCredits, otherCredits, RULES, trueCredits } from './true-credits.ts';
import { worldFeeds } from './world-feeds.ts';

const world = createWorld({ scale: 0.3, months: 8 });
const now = worldEnd(world);
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: world.options.timeZone }).format(new Date(now));

for (const engine of enginesOrOne('duckdb')) {
  describe(engine, () => {
    test('The customers of the simulated company, their channels and the credit of each touch are the true ones.', async () => {
      const compiled = await shippedLibrary(engine);
      const opened = await openTestWarehouse(engine);
      try {
        await installFunctions(opened.warehouse, compiled);
        const library = await buildLibrary(opened.warehouse, compiled, 'truth', worldFeeds(world, now, today));
        expect(await library.failures()).toEqual([]);

        const truth = world.truth.customers(now);
        expect(truth.length).toBeGreaterThan(20);
        const found = await library.query(FOUND_CUSTOMERS);
        const expected = truth.map((customer) => ({
          deal_id: customer.dealId,
          company_id: customer.companyId,
          converted_at: customer.wonAt.replace('Z', '000Z'),
          is_new_customer: customer.isNewCustomer,
          first_channel: customer.firstTouchChannel ?? '(unattributed)',
          first_campaign: customer.firstTouchCampaignId,
          last_channel: customer.lastTouchChannel ?? '(unattributed)',
        }));
        const byDeal = (left: { deal_id?: unknown }, right: { deal_id?: unknown }): number =>
          Number(left.deal_id) - Number(right.deal_id);
        expect(found.toSorted(byDeal)).toEqual(expected.toSorted(byDeal));

        const credits = foundCredits(await library.query(FOUND_CREDITS));
        const trueOnes = trueCredits(world, now);
        expect(otherCredits(credits, trueOnes)).toEqual([]);
        console.log(
          `${engine}: ${credits.size} credits of ${truth.length} customers under ${RULES.length} models are the true ones.`,
        );

        const [sums] = await library.query(SUMS);
        const inRange = truth.filter((customer) => customer.isNewCustomer && customer.wonAt >= world.options.start);
        expect(sums).toMatchObject({ customers: inRange.length });

        const schemas = ['truth', engine === 'duckdb' ? 'main' : 'public'];
        await reading(opened.warehouse, everyCreditIsExplained, schemas);
        await reading(opened.warehouse, everyCacAddsUp, schemas);
      } finally {
        await opened.dispose();
      }
    }, 120_000);
  });
}

// --- internal ---

const FOUND_CUSTOMERS = `
select
  conversions.deal_id, conversions.company_id, conversions.converted_at, conversions.is_new_customer,
  firsts.channel as first_channel, firsts.campaign_id as first_campaign, lasts.channel as last_channel
from conversions
inner join attribution_credits as firsts
  on firsts.conversion_id = conversions.conversion_id and firsts.attribution_model = 'first_touch'
inner join attribution_credits as lasts
  on lasts.conversion_id = conversions.conversion_id and lasts.attribution_model = 'last_touch'
where conversions.conversion_type = 'customer' and conversions.company_id is not null`;

const FOUND_CREDITS = `
select conversions.deal_id, conversions.converted_at, credits.channel, credits.occurred_at, credits.attribution_model, credits.credit
from conversions
inner join current_credits as credits on credits.conversion_id = conversions.conversion_id
where conversions.conversion_type = 'customer' and conversions.company_id is not null
  and credits.attribution_model in (${RULES.map((rule) => `'${rule}'`).join(', ')})`;

const SUMS = `select sum(customers) as customers from cac where channel = '(all)' and period_grain = 'month'`;
