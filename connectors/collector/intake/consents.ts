/**
 * Decisions: rows of the consents feed.
 */
import type { FeedContract } from 'revops/connector';

import { itemCheck } from './item.ts';
import type { Intake } from './request.ts';
import { idOf, rejection } from './taken.ts';

export function consentIntake(feed: FeedContract): Intake {
  const check = itemCheck(feed, ['source', 'recorded_at']);
  return (item, sending, index) => {
    const own = { source: sending.source, recorded_at: sending.receivedAt.toISOString() };
    const checked = check(item);
    if ('problem' in checked) return rejection(item, own, checked.problem);
    const values = { ...checked.values };
    const known = sending.browser?.knownId ?? null;
    if (values['identifier'] === undefined && known !== null) {
      values['identifier_type'] = 'anonymous_id';
      values['identifier'] = known;
    }
    const missing = REQUIRED.filter((name) => values[name] === undefined);
    if (missing.length > 0) return rejection(item, own, `${missing.join(', ')}: missing`);
    if (!TYPES.has(String(values['identifier_type']))) {
      return rejection(item, own, `identifier_type: expected one of ${[...TYPES].join(', ')}`);
    }
    const id = idOf(values['consent_id'], sending, index);
    const record = { decided_at: own.recorded_at, legal_basis: 'consent', ...values, ...own, consent_id: id };
    const isMeasuring = values['purpose'] === 'analytics';
    return { entry: { record }, id, consent: isMeasuring ? (values['is_granted'] as boolean) : null };
  };
}

// --- internal ---

const REQUIRED = ['identifier_type', 'identifier', 'purpose', 'is_granted'];
const TYPES = new Set(['contact_id', 'user_id', 'email', 'phone', 'anonymous_id']);
