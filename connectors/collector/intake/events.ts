/**
 * Events: rows of the events feed. The sender's time stays beside ours; what a browser sends along fills what its script
 * left out.
 */
import type { FeedContract } from 'revops/connector';

import { itemCheck } from './item.ts';
import type { Browser, Intake, Sending } from './request.ts';
import { idOf, rejection } from './taken.ts';
import { urlParameters } from './url-parameters.ts';

export function eventIntake(feed: FeedContract): Intake {
  const check = itemCheck(feed, ['source', 'received_at']);
  return (item, sending, index) => {
    const checked = check(withSentAt(item, sending));
    const own = { source: sending.source, received_at: sending.receivedAt.toISOString() };
    if ('problem' in checked) return rejection(item, own, checked.problem);
    const { values } = checked;
    const consent = (values['has_analytics_consent'] as boolean | undefined) ?? null;
    const id = idOf(values['event_id'] ?? values['message_id'], sending, index);
    const record: Record<string, unknown> = {
      ...fromBrowser(values, sending.browser),
      ...own,
      event_id: id,
      occurred_at: values['occurred_at'] ?? values['sent_at'] ?? own.received_at,
    };
    const lacks = lackOf(record) ?? futureOf(record);
    if (lacks !== null) return rejection(item, own, lacks, consent);
    return { entry: { record: withUrlParameters(record) }, id, consent };
  };
}

// --- internal ---

const IDENTIFIERS = ['anonymous_id', 'user_id', 'email', 'phone'];

function withSentAt(item: unknown, { sentAt }: Sending): unknown {
  if (sentAt === undefined || typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return { ...item, sent_at: (item as { sent_at?: unknown }).sent_at ?? sentAt };
}

function lackOf(record: Record<string, unknown>): string | null {
  const { event_name: said } = record;
  if (typeof said !== 'string' || said.trim() === '') return 'event_name: missing';
  if (IDENTIFIERS.some((name) => record[name] !== undefined)) return null;
  return `none of ${IDENTIFIERS.join(', ')}`;
}

const DAY_MS = 86_400_000;

/** What happened did so before it was sent; a day is left for clocks and zones that are wrong. */
function futureOf(record: Record<string, unknown>): string | null {
  const occurred = timeOf(record['occurred_at']);
  const sent = timeOf(record['sent_at'] ?? record['received_at']);
  return occurred - sent > DAY_MS ? 'occurred_at: more than a day after it was sent' : null;
}

function timeOf(instant: unknown): number {
  return typeof instant === 'string' ? Date.parse(instant) : Number.NaN;
}

function fromBrowser(values: Record<string, unknown>, browser: Browser | null): Record<string, unknown> {
  if (browser === null) return { ...values };
  const filled = { ...values };
  if (browser.page !== null) filled['url'] ??= browser.page;
  if (browser.device !== null) filled['properties'] = withDevice(values['properties'], browser.device);
  const id = deviceId(values['has_analytics_consent'], browser);
  if (id !== null) filled['anonymous_id'] ??= id;
  if (values['has_marketing_consent'] === true) {
    if (browser.fbc !== null) filled['fbc'] ??= browser.fbc;
    if (browser.fbp !== null) filled['fbp'] ??= browser.fbp;
  }
  return filled;
}

/** What the page says of its device counts; properties that are no object stay as they are. */
function withDevice(properties: unknown, device: string): unknown {
  if (properties === undefined || properties === null) return { device_type: device };
  return typeof properties === 'object' && !Array.isArray(properties)
    ? { device_type: device, ...properties }
    : properties;
}

/** A refusal makes a device nameless; an id once given under a consent holds until it is withdrawn. */
function deviceId(consent: unknown, { knownId, newId, needsConsent }: Browser): string | null {
  if (consent === false && needsConsent) return null;
  if (knownId !== null) return knownId;
  return consent === true || !needsConsent ? newId : null;
}

function withUrlParameters(record: Record<string, unknown>): Record<string, unknown> {
  const { url } = record;
  return typeof url === 'string' ? { ...urlParameters(url), ...record } : record;
}
