/**
 * What an ad platform is handed: conversions and lists of people, in the files that its own API takes. Nothing here calls
 * anything.
 */
import { createHash } from 'node:crypto';

/** Somebody as a platform may know them. */
export interface OutgoingPerson {
  /** Addresses in their normal form: lower case, domain as in the DNS. */
  emails: readonly string[];
  /** E.164: +49301234567. */
  phones: readonly string[];
}

/** An ad click, or a cookie of the platform's tag: the newest of its type. */
export interface OutgoingClick {
  type: string;
  id: string;
  /** ISO 8601. */
  at: string;
}

export interface OutgoingConversion extends OutgoingPerson {
  /** The conversion's id: the platform counts it once, however often it comes. */
  eventId: string;
  type: string;
  /** ISO 8601. */
  at: string;
  /** Decimal text; null where there is none. */
  amount: string | null;
  /** ISO 4217. */
  currency: string | null;
  clicks: readonly OutgoingClick[];
  /** Whether the person consented to advertising, or nobody asked. */
  consent: 'granted' | 'unknown';
}

export interface OutgoingFile {
  name: string;
  text: string;
}

/** What fits into files, and why the rest does not, by event id. */
export interface Prepared {
  files: OutgoingFile[];
  refused: { id: string; reason: string }[];
}

export interface Destination<Options> {
  /** Types of clicks, and columns of `events` with cookies of the platform's tag, that it wants to be told. */
  clickTypes: readonly string[];
  cookies: readonly string[];
  /** Throws CONFIG_INVALID where the options do not say where conversions go. */
  conversions(options: Options, conversions: readonly OutgoingConversion[], now: Date): Prepared;
  /** Lists of people to add to an audience, and to take out of it. */
  audience(
    options: Options,
    change: { audience: string; added: readonly OutgoingPerson[]; removed: readonly OutgoingPerson[] },
  ): OutgoingFile[];
}

/** A destination with the options that the config gives. */
export interface OpenDestination extends Pick<Destination<unknown>, 'clickTypes' | 'cookies'> {
  conversions(conversions: readonly OutgoingConversion[], now: Date): Prepared;
  audience(change: Parameters<Destination<unknown>['audience']>[1]): OutgoingFile[];
}

/** Ties a destination to its options. */
export function openDestination<Options>(destination: Destination<Options>, options: Options): OpenDestination {
  const { clickTypes, cookies } = destination;
  return {
    clickTypes,
    cookies,
    conversions: (conversions, now) => destination.conversions(options, conversions, now),
    audience: (change) => destination.audience(options, change),
  };
}

/** SHA-256 of its UTF-8 bytes, lower-case hexadecimal: how platforms want what identifies people. */
export function hashed(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Files `<name>-001.json`, … of at most so many items each; none of none. */
export function batchesOf<Item>(
  name: string,
  items: readonly Item[],
  most: number,
  bodyOf: (batch: readonly Item[]) => unknown,
): OutgoingFile[] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) => ({
    name: `${name}-${String(index + 1).padStart(3, '0')}.json`,
    text: `${JSON.stringify(bodyOf(items.slice(index * most, (index + 1) * most)), null, 2)}\n`,
  }));
}
