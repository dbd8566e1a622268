/** Faults of what the site sends. */
import { randomFor } from '../../../fixtures/world/random.ts';
import { edited, rewritten } from './change.ts';
import type { Delivery, FileRow } from './deliveries.ts';
import { isAmong, type Fault } from './fault.ts';

export const TRACKING_FAULTS: readonly Fault[] = [
  {
    name: 'tracking script down on one device',
    checks: ['volume_drop'],
    subject: /(site|server), mobile$/,
    group: 1,
    deliver: withEvents((events) =>
      events.filter((event) => deviceOf(event) !== 'mobile' || event['source'] === 'forms'),
    ),
  },
  {
    name: 'consent banner drops events',
    checks: ['volume_drop'],
    subject: /events, (site|server)(, \w+)?$(?<!, rise)/,
    group: 4,
    deliver: withEvents((events) =>
      events.filter(({ anonymous_id: id }) => id === null || !isAmong(0.6, 'consent', String(id))),
    ),
  },
  {
    name: 'double-firing tag',
    checks: ['volume_drop'],
    subject: /events, site.*, rise$/,
    group: 2,
    deliver: withEvents((events) =>
      events.flatMap((event) =>
        event['source'] === 'site'
          ? [
              event,
              { ...event, event_id: `${String(event['event_id'])}-2`, message_id: `m2-${String(event['event_id'])}` },
            ]
          : [event],
      ),
    ),
  },
  {
    name: 'burst of bot traffic',
    checks: ['volume_drop'],
    subject: /page_view events, site, desktop, rise$/,
    group: 3,
    deliver: (delivery) => ({ ...delivery, events: [...(delivery.events ?? []), ...botsOn(delivery.day)] }),
  },
  {
    name: 'form without hidden fields',
    checks: ['tracking_plan'],
    subject: /form_submit: missing_identifier/,
    group: 3,
    deliver: withEvents((events) =>
      events.map((event) =>
        isForm(event) ? { ...event, anonymous_id: null, url: 'https://www.example.com/lp/demo' } : event,
      ),
    ),
    // The CRM learns of nothing but the form either.
    view: (view, since) =>
      rewritten(view, (type, objects) =>
        type !== 'contacts'
          ? objects
          : objects.map((contact) =>
              contact.createdAt < since || contact.properties['originalSource'] === 'OFFLINE'
                ? contact
                : edited(contact, contact.createdAt, {
                    originalSource: 'DIRECT_TRAFFIC',
                    originalSourceDetail1: null,
                    originalSourceDetail2: null,
                    firstUrl: null,
                    firstReferrer: null,
                    gclid: null,
                    fbclid: null,
                  }),
            ),
      ),
  },
  {
    name: 'changed UTM convention',
    checks: ['utm'],
    subject: /google-ads|search campaign/i,
    group: 5,
    deliver: withLinks((query) => {
      if (query.get('utm_source') !== 'google') return;
      query.set('utm_source', 'Google-Ads');
      query.set('utm_medium', 'Search Campaign');
      for (const name of ['gclid', 'wbraid', 'utm_id']) query.delete(name);
    }),
  },
  {
    name: 'campaign without mapping',
    checks: ['utm'],
    subject: /herbst-launch/,
    group: 4,
    deliver: withLinks((query, event) => {
      if (query.get('utm_source') !== 'google' || !isAmong(0.5, 'campaign', String(event['anonymous_id']))) return;
      query.set('utm_campaign', 'Herbst-Launch');
      for (const name of ['gclid', 'wbraid', 'utm_id']) query.delete(name);
    }),
  },
  {
    name: 'shared inbox merges strangers',
    checks: ['shared_addresses'],
    subject: /email/,
    group: 3,
    deliver: withEvents((events) =>
      events.map((event) =>
        isForm(event) && isAmong(0.4, 'inbox', String(event['anonymous_id']))
          ? { ...event, email: 'p.agent@agency.internal' }
          : event,
      ),
    ),
  },
  {
    name: 'clock an hour off',
    checks: ['timestamp_drift'],
    subject: /events, server/,
    group: 5,
    deliver: withEvents((events) =>
      events.map((event) =>
        event['source'] === 'server'
          ? { ...event, occurred_at: hourLater(event['occurred_at']), sent_at: null }
          : event,
      ),
    ),
  },
];

// --- internal ---

function withEvents(change: (events: FileRow[]) => FileRow[]): NonNullable<Fault['deliver']> {
  return (delivery: Delivery) => ({ ...delivery, events: delivery.events === null ? null : change(delivery.events) });
}

function withLinks(change: (query: URLSearchParams, event: FileRow) => void): NonNullable<Fault['deliver']> {
  return withEvents((events) =>
    events.map((event) => {
      if (typeof event['url'] !== 'string' || !URL.canParse(event['url'])) return event;
      const url = new URL(event['url']);
      change(url.searchParams, event);
      return { ...event, url: url.href };
    }),
  );
}

function deviceOf({ properties }: FileRow): string | undefined {
  return typeof properties === 'object' ? properties?.['device_type'] : undefined;
}

function isForm(event: FileRow): boolean {
  return event['event_name'] === 'form_submit';
}

function hourLater(instant: FileRow[string] | undefined): string | null {
  return typeof instant === 'string' ? new Date(Date.parse(instant) + 3_600_000).toISOString() : null;
}

/** Each hit is a device of its own. */
function botsOn(day: string): FileRow[] {
  const random = randomFor('bots', day);
  return Array.from({ length: 500 }, (_, index) => {
    const at = new Date(Date.parse(day) + random.integer(0, 86_399_000)).toISOString();
    return {
      source: 'site',
      event_id: `bot-${day}-${index}`,
      message_id: `bot-${day}-${index}`,
      event_name: 'page_view',
      occurred_at: at,
      sent_at: at,
      received_at: at,
      anonymous_id: `bot-${day}-${index}`,
      url: 'https://www.example.com/pricing',
      properties: { device_type: 'desktop' },
    };
  });
}
