/**
 * Click conversions with user identifiers (enhanced conversions for leads), and lists of Customer Match.
 */
import {
  batchesOf,
  hashed,
  RevopsError,
  type Destination,
  type OutgoingConversion,
  type OutgoingFile,
  type OutgoingPerson,
} from 'revops/connector';

import type { GoogleAdsOptions } from './options.ts';

export const activate: Destination<GoogleAdsOptions> = {
  clickTypes: ['gclid', 'gbraid', 'wbraid'],
  cookies: [],

  conversions({ conversions: options }, conversions, now) {
    if (options === undefined) {
      throw new RevopsError('CONFIG_INVALID', 'connectors.google-ads.conversions: missing', {
        hint: "conversions: { customerId: '1234567890', actions: { customer: '987654321' } }; see docs/activation.md.",
      });
    }
    const refused: { id: string; reason: string }[] = [];
    const uploads = conversions.flatMap((conversion) => {
      const action = options.actions[conversion.type as keyof typeof options.actions];
      const click = newestClick(conversion);
      const reason = action === undefined ? 'not_mapped' : refusalOf(conversion, click, now);
      if (reason !== null) {
        refused.push({ id: conversion.eventId, reason });
        return [];
      }
      return [uploadOf(`customers/${options.customerId}/conversionActions/${action}`, conversion, click)];
    });
    return {
      files: batchesOf('click-conversions', uploads, 2_000, (batch) => ({ conversions: batch, partialFailure: true })),
      refused,
    };
  },

  audience(_options, { added, removed }) {
    return [...listOf('customers-to-add', added), ...listOf('customers-to-remove', removed)];
  },
};

// --- internal ---

/** Longest window between click and conversion. */
const WINDOW_MS = 90 * 86_400_000;

type Click = OutgoingConversion['clicks'][number];

function newestClick({ at, clicks }: OutgoingConversion): Click | undefined {
  return clicks
    .filter((click) => Date.parse(at) - Date.parse(click.at) <= WINDOW_MS)
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
}

function refusalOf({ at, emails, phones }: OutgoingConversion, click: Click | undefined, now: Date): string | null {
  if (now.getTime() - Date.parse(at) > WINDOW_MS) return 'too_old';
  if (Date.parse(at) > now.getTime()) return 'in_the_future';
  return click === undefined && emails.length + phones.length === 0 ? 'no_identifier' : null;
}

function uploadOf(conversionAction: string, conversion: OutgoingConversion, click: Click | undefined): object {
  const { eventId, at, emails, phones, amount, currency, consent } = conversion;
  // An aggregate click id is not for single people: their identifiers are refused beside it.
  const people = click === undefined || click.type === 'gclid' ? [...emails.map(emailOf), ...phones.map(phoneOf)] : [];
  const told = consent === 'granted' ? 'GRANTED' : 'UNSPECIFIED';
  return {
    conversionAction,
    conversionDateTime: `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}+00:00`,
    ...(amount === null || currency === null ? {} : { conversionValue: Number(amount), currencyCode: currency }),
    orderId: eventId,
    ...(click === undefined ? {} : { [click.type]: click.id }),
    ...(people.length === 0 ? {} : { userIdentifiers: people.slice(0, MOST_IDENTIFIERS) }),
    consent: { adUserData: told, adPersonalization: told },
  };
}

/** The platform takes so many of one person. */
const MOST_IDENTIFIERS = 5;

function emailOf(email: string): object {
  return { hashedEmail: hashed(normalEmail(email)), userIdentifierSource: 'FIRST_PARTY' };
}

function phoneOf(phone: string): object {
  return { hashedPhoneNumber: hashed(phone), userIdentifierSource: 'FIRST_PARTY' };
}

/** Dots in the names of these two domains lead to the same mailbox. */
function normalEmail(email: string): string {
  const [name = '', domain = ''] = email.split('@');
  return domain === 'gmail.com' || domain === 'googlemail.com' ? `${name.replaceAll('.', '')}@${domain}` : email;
}

/** The platform's own template: a row per address, the phone beside the first. */
function listOf(name: string, people: readonly OutgoingPerson[]): OutgoingFile[] {
  const lines = people.flatMap(({ emails, phones }) =>
    Array.from({ length: Math.max(emails.length, phones.length) }, (_, index) =>
      [
        emails[index] === undefined ? '' : hashed(normalEmail(emails[index])),
        phones[index] === undefined ? '' : hashed(phones[index]),
      ].join(','),
    ),
  );
  return lines.length === 0 ? [] : [{ name: `${name}.csv`, text: `${['Email,Phone', ...lines].join('\n')}\n` }];
}
