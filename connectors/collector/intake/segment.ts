/**
 * Messages as Segment's libraries (and those that speak its protocol) send them, as items of the events feed.
 * https://segment.com/docs/connections/spec/
 */
import { deviceType } from 'revops/connector';

/** The item of a message. `kind`: what the address says it is, where the message does not. */
export function fromSegment(message: unknown, kind: string | null): unknown {
  if (!isObject(message)) return message;
  const type = text(message['type']) ?? kind ?? 'track';
  const context = part(message['context']);
  const properties = part(message['properties']);
  // Those of a group are the group's: its e-mail would make one person of all its members.
  const traits = { ...part(context['traits']), ...(type === 'group' ? {} : part(message['traits'])) };
  const page = part(context['page']);
  const campaign = part(context['campaign']);
  const device = deviceType(part(context['device'])['type'], context['userAgent']);
  const consent = categories(part(part(context['consent'])['categoryPreferences']));
  return {
    message_id: message['messageId'],
    event_name: type === 'track' ? message['event'] : (NAMES[type] ?? type),
    occurred_at: message['timestamp'] ?? message['originalTimestamp'],
    sent_at: message['sentAt'],
    anonymous_id: type === 'alias' ? (message['previousId'] ?? message['anonymousId']) : message['anonymousId'],
    user_id: message['userId'],
    // Among the properties of an event they may be anybody's, as of who was invited.
    email: traits['email'],
    phone: traits['phone'],
    account_id: message['groupId'] ?? context['groupId'],
    url: properties['url'] ?? page['url'],
    referrer: properties['referrer'] ?? page['referrer'],
    utm_source: campaign['source'],
    utm_medium: campaign['medium'],
    utm_campaign: campaign['name'],
    utm_content: campaign['content'],
    utm_term: campaign['term'],
    has_analytics_consent: consent('analytics', 'performance'),
    has_marketing_consent: consent('marketing', 'advertising', 'targeting'),
    properties: {
      ...(device === undefined ? {} : { device_type: device }),
      ...part(message['traits']),
      ...properties,
    },
  };
}

// --- internal ---

const NAMES: Record<string, string> = { page: 'page_view', screen: 'screen_view' };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Categories have the names that each project gives them; these are the usual ones, in any case of letters. */
function categories(preferences: Record<string, unknown>): (...names: string[]) => boolean | undefined {
  const known = new Map(Object.entries(preferences).map(([name, value]) => [name.toLowerCase(), value]));
  return (...names) => {
    const value = names.map((name) => known.get(name)).find((found) => typeof found === 'boolean');
    return typeof value === 'boolean' ? value : undefined;
  };
}
