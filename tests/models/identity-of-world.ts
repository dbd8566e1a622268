/**
 * The identities of the simulated company, found by the models, held against who its people are.
 */
import type { World } from '../../fixtures/world/index.ts';
import { eventRow } from '../../fixtures/world/web-event-rows.ts';
import type { InputRow } from '../../src/model/contract.ts';
import { worldFeeds } from './world-feeds.ts';

/** The feeds that identities rest on, as of an instant: contacts with e-mail and phone, companies with domain, events. */
export function identityFeeds(world: World, now: string): Record<string, InputRow[]> {
  const view = world.at(now);
  const { settings, clock, identity_settings, contacts_feed } = worldFeeds(world, now, now.slice(0, 10));
  const contacts = new Map(view.crmObjects('contacts').map((contact) => [contact.id, contact]));
  return {
    settings: settings ?? [],
    clock: clock ?? [],
    identity_settings: identity_settings ?? [],
    contacts_feed: (contacts_feed ?? []).map((row) => {
      const properties = contacts.get(String(row['contact_id']))?.properties ?? {};
      return { ...row, email: properties['email'] ?? null, phone: properties['phone'] ?? null };
    }),
    companies_feed: view.crmObjects('companies').map(({ id, properties, isArchived }) => ({
      source: 'hubspot',
      company_id: id,
      domain: properties['domain'] ?? null,
      is_deleted: isArchived,
    })),
    events_feed: [...view.webEvents()].map(eventRow),
  };
}
