import { describe, expect, it } from 'vitest';

import type { Fault as ServerFault } from '../../fixtures/emulators/server.ts';
import { createWorld, type WorldView } from '../../fixtures/world/index.ts';
import { engines, isWhole, testPostgresUrl } from '../support/warehouses.ts';
import { changedWorld } from './faults/change.ts';
import { deliveriesOf } from './faults/deliveries.ts';
import { morningOf, openDrill } from './faults/drill.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/index.ts';
import { orderly } from './faults/orderly.ts';

const SINCE = '2025-07-15T06:00:00.000Z';
const world = createWorld({ months: 4, scale: 0.3 });
const company = changedWorld(world, [orderly]);
const later = company.at(morningOf(SINCE, 40));

/** All that platforms tell, but for clicks. */
function told(view: WorldView): Record<string, unknown> {
  const accounts = view.adAccounts();
  const deals = view.crmObjects('deals');
  return {
    accounts,
    pipelines: view.pipelines(),
    spend: accounts.map(({ id }) =>
      [...view.campaignFacts(id, '2025-06-01', '2025-08-24')].map((fact) => String(fact.costMicros)),
    ),
    claims: accounts.map(({ id }) => [...view.conversionFacts(id, '2025-06-01', '2025-08-24')]),
    contacts: view.crmObjects('contacts'),
    deals,
    links: deals.map(({ id }) => view.associations('deals', id, 'contacts')),
  };
}

function delivered(fault: Fault | undefined): string {
  const deliveries = deliveriesOf(later, SINCE, later.now);
  return JSON.stringify(deliveries.map((delivery) => fault?.deliver?.(delivery, SINCE) ?? delivery));
}

describe('planted faults', () => {
  it('are 25, each of its own name', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(25);
  });

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))('%s changes what the company tells', (_, fault) => {
    const injected: ServerFault[] = [];
    const server = { inject: (one: ServerFault) => void injected.push(one) };
    fault.outage?.({ ads: server, crm: server } as unknown as Parameters<NonNullable<Fault['outage']>>[0]);
    const view = { ...later, ...fault.view?.(later, SINCE) };
    const isOther = JSON.stringify(told(view)) !== JSON.stringify(told(later));
    expect(injected.length > 0 || isOther || delivered(fault) !== delivered(undefined)).toBe(true);
  });

  it('touch no record of the CRM without moving its modification time, so that a sync of changes sees them', () => {
    for (const { name, view: change } of FAULTS) {
      const view = { ...later, ...change?.(later, SINCE) };
      for (const type of ['contacts', 'deals'] as const) {
        const unseen = view
          .crmObjects(type)
          .filter((object) => object.updatedAt < SINCE && object.createdAt < SINCE)
          .filter((object) => JSON.stringify(object) !== JSON.stringify(later.crmObject(type, object.id)));
        expect(unseen, name).toEqual([]);
      }
    }
  });
});

/** Three runs of the whole project, a minute of a processor: in `npm run test:all` alone. */
for (const engine of isWhole ? engines : []) {
  describe(`the fault drill on ${engine}`, () => {
    it('names the check that finds each fault, on which day, and whether numbers were stamped', async () => {
      const drill = await openDrill({
        world,
        firstDay: '2025-07-01',
        since: SINCE,
        mornings: [1],
        server: engine === 'postgres' ? await testPostgresUrl() : undefined,
      });
      const faults = ['spend in a currency without a rate', 'ad account in another time zone', 'spend restated'];
      try {
        const planted = await drill.plant(FAULTS.filter(({ name }) => faults.includes(name)));
        const results = planted.map(({ fault, days, found, mustStamp, stamped, leaks }) => [
          fault.name,
          days,
          found[0]?.subject,
          mustStamp,
          stamped,
          leaks,
        ]);
        const yes = { table: true, json: true, csv: true };
        expect(results).toEqual([
          ['spend in a currency without a rate', 1, 'spend in CHF', true, yes, []],
          ['spend restated', 1, 'google_ads 2000000001 2025-07', false, yes, []],
          ['ad account in another time zone', 1, 'google_ads 2000000002', false, yes, []],
        ]);
      } finally {
        await drill.dispose();
      }
    }, 600_000);
  });
}
