/**
 * Events of the Conversions API, and users of DMP segments.
 */
import { batchesOf, hashed, RevopsError, type Destination, type OutgoingConversion } from 'revops/connector';

import type { LinkedinAdsOptions } from './options.ts';

export const activate: Destination<LinkedinAdsOptions> = {
  clickTypes: ['li_fat_id'],
  cookies: [],

  conversions({ conversions: options }, conversions, now) {
    if (options === undefined) {
      throw new RevopsError('CONFIG_INVALID', 'connectors.linkedin-ads.conversions: missing', {
        hint: "conversions: { rules: { customer: '12345678' } }; see docs/activation.md.",
      });
    }
    const refused: { id: string; reason: string }[] = [];
    const events = conversions.flatMap((conversion) => {
      const rule = options.rules[conversion.type as keyof typeof options.rules];
      const reason = rule === undefined ? 'not_mapped' : refusalOf(conversion, now);
      if (reason !== null) {
        refused.push({ id: conversion.eventId, reason });
        return [];
      }
      return [eventOf(`urn:lla:llaPartnerConversion:${rule}`, conversion)];
    });
    return { files: batchesOf('conversion-events', events, 5_000, (elements) => ({ elements })), refused };
  },

  audience(_options, { added, removed }) {
    const users = [
      ...added.flatMap(({ emails }) => emails.map((email) => userOf('ADD', email))),
      ...removed.flatMap(({ emails }) => emails.map((email) => userOf('REMOVE', email))),
    ];
    return batchesOf('segment-users', users, 5_000, (elements) => ({ elements }));
  },
};

// --- internal ---

const OLDEST_MS = 90 * 86_400_000;

function refusalOf({ at, emails, clicks }: OutgoingConversion, now: Date): string | null {
  if (now.getTime() - Date.parse(at) > OLDEST_MS) return 'too_old';
  if (Date.parse(at) > now.getTime()) return 'in_the_future';
  return emails.length + clicks.length === 0 ? 'no_identifier' : null;
}

function eventOf(conversion: string, { eventId, at, amount, currency, emails, clicks }: OutgoingConversion): object {
  return {
    conversion,
    conversionHappenedAt: Date.parse(at),
    ...(amount === null || currency === null
      ? {}
      : { conversionValue: { currencyCode: currency, amount: String(Number(amount)) } }),
    user: {
      userIds: [
        ...emails.map((email) => ({ idType: 'SHA256_EMAIL', idValue: hashed(email) })),
        ...clicks.map(({ id }) => ({ idType: 'LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID', idValue: id })),
      ],
    },
    eventId,
  };
}

function userOf(action: 'ADD' | 'REMOVE', email: string): object {
  return { action, userIds: [{ idType: 'SHA256_EMAIL', idValue: hashed(email) }] };
}
