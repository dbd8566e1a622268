/**
 * The acceptance test of identity: an ad clicked on the phone, a visit on the desktop, the conversion on the phone. Whether
 * that is one person depends on what was told, and is never guessed.
 */
import { expect, test } from 'vitest';

import type { InputRow } from '../../src/model/contract.ts';
import { SETTINGS } from '../attribution/paths.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { enginesOrOne, openTestWarehouse } from '../support/warehouses.ts';
import { neededFor } from './needed-models.ts';

for (const engine of enginesOrOne('postgres')) {
  test(`Phone, desktop, phone: one person where a login or the stored click says so, else two and an unlinked click, on ${engine}.`, async () => {
    const compiled = neededFor(await shippedLibrary(engine), ['attribution_credits', 'unlinked_paid_clicks']);
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await installFunctions(warehouse, compiled);
      const library = await buildLibrary(warehouse, compiled, 'three_devices', GIVEN);
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

// --- internal ---

const VARIANTS = ['a', 'b', 'c', 'd'];

/** The device on which the form is filled in: in c and d another cookie than that of the click. */
const phoneOf = (variant: string): string => `${variant}${variant === 'c' || variant === 'd' ? 2 : 1}`;

function event(id: string, day: number, device: string, rest: InputRow = {}): InputRow {
  const occurred_at = `2025-03-0${day}T10:00:00Z`;
  return { source: 'site', event_id: id, event_name: 'page_view', occurred_at, anonymous_id: device, ...rest };
}

const GIVEN: Record<string, InputRow[]> = {
  settings: [
    {
      ...SETTINGS,
      conversion_owner: 'company',
      session_timeout_minutes: 30,
      session_splits_on_source: true,
      baseline_from: null,
      first_date: null,
    },
  ],
  identity_settings: [
    { key_id: 'test', default_country: null, most_identities: 10, most_devices: 100, joins_mailbox_aliases: false },
  ],
  clock: [{ now_at: '2025-06-01T00:00:00Z', today: '2025-06-01' }],
  events_feed: VARIANTS.flatMap((variant) => [
    event(`${variant}-click`, 1, `${variant}1`, { gclid: `gclid-${variant}` }),
    ...(variant === 'a' ? [event('a-desktop', 2, 'a-desktop', { event_name: 'login', email: 'a@acme.io' })] : []),
    ...(variant === 'b' ? [event('b-desktop', 2, 'b-desktop')] : []),
    event(`${variant}-form`, 3, phoneOf(variant), { event_name: 'form_submit', email: `${variant}@acme.io` }),
  ]),
  contacts_feed: VARIANTS.map((variant) => ({
    source: 'crm',
    contact_id: variant,
    email: `${variant}@acme.io`,
    gclid: variant === 'c' ? 'gclid-c' : null,
    created_at: '2025-03-03T10:00:01Z',
    is_deleted: false,
  })),
  deals_feed: VARIANTS.map((variant) => ({
    source: 'crm',
    deal_id: variant,
    pipeline_id: 'sales',
    stage_id: 'won',
    close_date_at: '2025-03-05T10:00:00Z',
    created_at: '2025-03-04T10:00:00Z',
    is_deleted: false,
  })),
  deal_contacts_feed: VARIANTS.map((variant) => ({ source: 'crm', deal_id: variant, contact_id: variant })),
  pipeline_stages_feed: [{ source: 'crm', pipeline_id: 'sales', stage_id: 'won', is_closed: true, is_won: true }],
};
