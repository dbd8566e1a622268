/**
 * What of a request matters for the rows in it.
 */
import type { DeviceType } from 'revops/connector';

import type { Entry } from '../spool/line.ts';

export interface Sending {
  /** Name of the write key: where the rows come from. */
  source: string;
  receivedAt: Date;
  /** When the sender sent it, by its own clock, where it tells for all rows. */
  sentAt: unknown;
  /** Header Idempotency-Key; null where there is none. */
  idempotencyKey: string | null;
  browser: Browser | null;
}

/** What a browser sends along. */
export interface Browser {
  /** The page's address, as far as its policy tells it. */
  page: string | null;
  /** Kind of device, by its user agent; null where that does not tell. */
  device: DeviceType | null;
  /** The id this collector has given it; null where it has none. */
  knownId: string | null;
  /** The id it would get with this answer; null where none are given. */
  newId: string | null;
  /** Whether it may be given one without having agreed to be measured. */
  needsConsent: boolean;
  /** Cookies that ads leave, verbatim. */
  fbc: string | null;
  fbp: string | null;
}

/** What became of one thing that was sent. */
export interface Taken {
  entry: Entry;
  /** Its id; null for what was rejected. */
  id: string | null;
  /** What the person decided about being measured: true, false, null where it is not told. */
  consent: boolean | null;
}

/** Makes a row of its feed of one thing that was sent, or a rejection. `index`: its place among those of its request. */
export type Intake = (item: unknown, sending: Sending, index: number) => Taken;
