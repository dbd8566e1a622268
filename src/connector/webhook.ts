/**
 * What a platform sends by itself: how a delivery proves where it comes from, and what it says.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

import type { Secret } from '../secret.ts';

/** A delivery as it came, before anything of it is believed. */
export interface WebhookRequest {
  /** Names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Byte for byte: signatures are over these bytes. */
  body: Buffer;
  receivedAt: Date;
}

/** One thing that the platform says happened. */
export interface WebhookEvent {
  /** The same whenever the platform sends it again. */
  id: string;
  /** In the platform's words: `invoice.paid`. */
  type: string;
  /** When it happened, by the platform: ISO 8601. */
  occurredAt: string;
  /** Whom it is about, where it tells. */
  email?: string | null;
  phone?: string | null;
  /** All that was said. */
  payload: unknown;
}

/** What became of a delivery. `refused`: it does not prove where it comes from, and why. */
export type WebhookVerdict = { events: readonly WebhookEvent[] } | { refused: string } | { unreadable: string };

/** A platform's webhooks, as the config holds them: the value of `stripeWebhook({ … })`. */
export interface Webhook {
  readonly secrets: Readonly<Record<string, Secret>>;
  /** Checks the proof first, then reads. Never throws for what a sender can write. */
  receive(request: WebhookRequest): WebhookVerdict;
}

/** The first value of a header; undefined where there is none. */
export function headerOf({ headers }: Pick<WebhookRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other));
}

// --- internal ---

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
