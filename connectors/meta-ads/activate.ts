/**
 * Events of the Conversions API, and users of Custom Audiences.
 */
import {
  batchesOf,
  hashed,
  RevopsError,
  type Destination,
  type OutgoingConversion,
  type OutgoingPerson,
} from 'revops/connector';

import type { MetaAdsOptions } from './options.ts';

export const activate: Destination<MetaAdsOptions> = {
  clickTypes: ['fbclid'],
  cookies: ['fbc', 'fbp'],

  conversions({ conversions: options }, conversions, now) {
    if (options === undefined) {
      throw new RevopsError('CONFIG_INVALID', 'connectors.meta-ads.conversions: missing', {
        hint: "conversions: { datasetId: '…', events: { customer: 'Purchase' } }; see docs/activation.md.",
      });
    }
    const refused: { id: string; reason: string }[] = [];
    const events = conversions.flatMap((conversion) => {
      const name = options.events[conversion.type as keyof typeof options.events];
      const reason = name === undefined ? 'not_mapped' : refusalOf(conversion, now);
      if (reason !== null || name === undefined) {
        refused.push({ id: conversion.eventId, reason: reason ?? 'not_mapped' });
        return [];
      }
      return [eventOf(name, conversion, options.actionSource)];
    });
    return { files: batchesOf(`events-${options.datasetId}`, events, 1_000, (data) => ({ data })), refused };
  },

  audience(_options, { added, removed }) {
    const body = (data: readonly string[][]): object => ({ payload: { schema: ['EMAIL', 'PHONE'], data } });
    return [
      ...batchesOf('users-to-add', added.flatMap(usersOf), 10_000, body),
      ...batchesOf('users-to-remove', removed.flatMap(usersOf), 10_000, body),
    ];
  },
};

// --- internal ---

/** One older event has the whole request refused. */
const OLDEST_MS = 7 * 86_400_000;

function refusalOf({ at, emails, phones, clicks }: OutgoingConversion, now: Date): string | null {
  if (now.getTime() - Date.parse(at) > OLDEST_MS) return 'too_old';
  if (Date.parse(at) > now.getTime()) return 'in_the_future';
  return emails.length + phones.length + clicks.length === 0 ? 'no_identifier' : null;
}

function eventOf(name: string, conversion: OutgoingConversion, actionSource: string): object {
  const { eventId, at, emails, phones, amount, currency } = conversion;
  const fbc = clickOf(conversion);
  const fbp = conversion.clicks.find(({ type }) => type === 'fbp')?.id;
  return {
    event_name: name,
    event_time: Math.floor(Date.parse(at) / 1000),
    event_id: eventId,
    action_source: actionSource,
    user_data: {
      ...(emails.length === 0 ? {} : { em: emails.map(hashed) }),
      ...(phones.length === 0 ? {} : { ph: phones.map(phoneHash) }),
      ...(fbc === undefined ? {} : { fbc }),
      ...(fbp === undefined ? {} : { fbp }),
    },
    ...(amount === null || currency === null ? {} : { custom_data: { currency, value: Number(amount) } }),
  };
}

/** The cookie as the tag wrote it; else made of the click id, as the tag would have: `fb.1.<milliseconds>.<click id>`. */
function clickOf({ clicks }: OutgoingConversion): string | undefined {
  const cookie = clicks.find(({ type }) => type === 'fbc');
  const click = clicks.find(({ type }) => type === 'fbclid');
  return cookie?.id ?? (click === undefined ? undefined : `fb.1.${Date.parse(click.at)}.${click.id}`);
}

/** Digits only, the country's first. */
function phoneHash(phone: string): string {
  return hashed(phone.replace(/^\+/, ''));
}

/** A row per address; the phone stands beside the first. */
function usersOf({ emails, phones }: OutgoingPerson): string[][] {
  const rows = Math.max(emails.length, phones.length);
  return Array.from({ length: rows }, (_, index) => [
    emails[index] === undefined ? '' : hashed(emails[index]),
    phones[index] === undefined ? '' : phoneHash(phones[index]),
  ]);
}
