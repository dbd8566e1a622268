/**
 * The acceptance test of identity: an ad clicked on the phone, a visit on the desktop, the conversion on the phone. Whether
 * that is one person depends on what was told, and is never guessed.
 */
import { expect, test } from 'vitest';

import type { InputRow } from '../../src/model/contract.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { enginesOrOne, openTestWarehouse } from '../support/warehouses.ts';
import { neededFor } from './needed-models.ts';
import { LIBRARY_SETTINGS } from './library-settings.ts';

for (const engine of enginesOrOne('postgres')) {
  test(`Phone, desktop, phone: one person where a login or the stored click says so, else two and an unlinked click, on ${engine}.`, async () => {
    const compiled = neededFor(await shippedLibrary(engine), ['attribution_credits', 'unlinked_paid_clicks']);
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await installFunctions(warehouse, compiled);
      const library = await buildLibrary(
        warehouse,
        compiled,
        'three_devices',
        given(VARIANTS.map((variant) => [variant, variant])),
      );
      expect(await library.failures()).toEqual([]);
      const people = await library.query(
        `select substr(events.source_event_id, 1, 1) as variant,
           string_agg(events.source_event_id, ' ' order by events.occurred_at) as events
         from event_people inner join events on events.event_id = event_people.event_id
         group by 1, event_people.person_id order by 2`,
      );
      expect(people.map(({ events }) => events)).toEqual([
        // logged in on the desktop
        'a-click a-desktop a-form',
        // no login there
        'b-click b-form',
        'b-desktop',
        // the cookie is lost, the CRM has kept the click
        'c-click c-form',
        // the cookie is lost, and nobody kept the click
        'd-click',
        'd-form',
      ]);
      const firsts = await library.query(
        `select conversion_id, channel, touchpoint_id, path_length from attribution_credits
         where attribution_model = 'first_touch' and conversion_type = 'customer' order by 1`,
      );
      expect(firsts.map((row) => Object.values(row).join(' '))).toEqual([
        'customer:crm:a Paid Search web:site:a-click 3',
        'customer:crm:b Paid Search web:site:b-click 2',
        'customer:crm:c Paid Search web:site:c-click 2',
        'customer:crm:d Direct web:site:d-form 1',
      ]);
      expect(await library.query('select click_id, person_id from unlinked_paid_clicks')).toEqual([
        { click_id: 'gclid-d', person_id: 'click:gclid:gclid-d' },
      ]);
    } finally {
      await dispose();
    }
  }, 120_000);
}

for (const engine of enginesOrOne('postgres')) {
  test(`Where it is so with everybody, the check says that the way is broken, and says nothing where it is not, on ${engine}.`, async () => {
    const compiled = neededFor(await shippedLibrary(engine), 'unlinked_clicks');
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await installFunctions(warehouse, compiled);
      const found: Record<string, string> = {};
      for (const [variant, times] of Object.entries({ a: 60, b: 60, c: 60, d: 60, one: 1 })) {
        const people = Array.from({ length: times }, (_, at) => [variant === 'one' ? 'd' : variant, `p${at}`] as const);
        // oxlint-disable-next-line no-await-in-loop -- one after the other in one warehouse
        const library = await buildLibrary(warehouse, compiled, `everybody_${variant}`, given(people));
        // oxlint-disable-next-line no-await-in-loop -- as above
        const rows = await library.query('select subject, severity, detail from unlinked_clicks');
        found[variant] = rows.map((row) => Object.values(row).join(' ')).join('; ');
      }
      expect(found).toEqual({
        a: '',
        b: '',
        c: '',
        d: 'google_ads error 0 of 60 people who came first by an ad are known, 60 of 60 who came otherwise',
        // one alone may be chance
        one: '',
      });
    } finally {
      await dispose();
    }
  }, 120_000);
}

// --- internal ---

const VARIANTS = ['a', 'b', 'c', 'd'];

function event(id: string, day: number, device: string, rest: InputRow = {}): InputRow {
  const occurred_at = `2025-03-0${day}T10:00:00Z`;
  return { source: 'site', event_id: id, event_name: 'page_view', occurred_at, anonymous_id: device, ...rest };
}

/** Who came in which variant, by the beginning of all their ids. */
function given(people: readonly (readonly [variant: string, id: string])[]): Record<string, InputRow[]> {
  return {
    ...SETTINGS_ROWS,
    events_feed: people.flatMap(([variant, id]) => [
      event(`${id}-click`, 1, `${id}1`, { gclid: `gclid-${id}` }),
      ...(variant === 'a'
        ? [event(`${id}-desktop`, 2, `${id}-desktop`, { event_name: 'login', email: `${id}@acme.io` })]
        : []),
      ...(variant === 'b' ? [event(`${id}-desktop`, 2, `${id}-desktop`)] : []),
      // in c and d the form is filled in under another cookie than that of the click
      event(`${id}-form`, 3, `${id}${variant === 'c' || variant === 'd' ? 2 : 1}`, {
        event_name: 'form_submit',
        email: `${id}@acme.io`,
      }),
    ]),
    contacts_feed: people.map(([variant, id]) => ({
      source: 'crm',
      contact_id: id,
      email: `${id}@acme.io`,
      gclid: variant === 'c' ? `gclid-${id}` : null,
      created_at: '2025-03-03T10:00:01Z',
      is_deleted: false,
    })),
    deals_feed: people.map(([, id]) => ({
      source: 'crm',
      deal_id: id,
      pipeline_id: 'sales',
      stage_id: 'won',
      close_date_at: '2025-03-05T10:00:00Z',
      created_at: '2025-03-04T10:00:00Z',
      is_deleted: false,
    })),
    deal_contacts_feed: people.map(([, id]) => ({ source: 'crm', deal_id: id, contact_id: id })),
  };
}

const SETTINGS_ROWS: Record<string, InputRow[]> = {
  ...LIBRARY_SETTINGS,
  check_settings: [{ least_linked: 0.25 }],
  clock: [{ now_at: '2025-05-01T00:00:00Z', today: '2025-05-01' }],
  pipeline_stages_feed: [{ source: 'crm', pipeline_id: 'sales', stage_id: 'won', is_closed: true, is_won: true }],
};
