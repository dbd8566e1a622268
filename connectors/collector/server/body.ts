/**
 * The body of a request as what was sent: one thing, a list, or a batch with what holds for all of it.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export interface Body {
  items: unknown[];
  sentAt: unknown;
  /** The write key, where it stands in the body as tracking libraries send it. */
  writeKey: string | null;
}

/** Why a body is refused as a whole. */
export class BadBody extends Error {
  override readonly name = 'BadBody';
}

/** The text of a body; BadBody where it cannot be unpacked within `most` bytes. */
export async function bodyText(body: unknown, encoding: string | undefined, most: number): Promise<string> {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new BadBody('no body');
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  if (encoding !== 'gzip') throw new BadBody('content-encoding: expected gzip or none');
  try {
    return (await promisify(gunzip)(body, { maxOutputLength: most })).toString('utf8');
  } catch {
    throw new BadBody(`no gzip, or more than ${most} bytes unpacked`);
  }
}

/** What a text holds. `list`: the member that a batch has its items in. */
export function readBody(text: string, list: 'batch' | 'events' | 'consents'): Body {
  if (isTooDeep(text)) throw new BadBody(`nested more than ${DEEPEST} levels deep`);
  let value: unknown;
  try {
    value = JSON.parse(text, LONG_NUMBER.test(text) ? keepDigits : undefined);
  } catch {
    throw new BadBody('no JSON');
  }
  if (Array.isArray(value)) return { items: value, sentAt: undefined, writeKey: null };
  if (typeof value !== 'object' || value === null) throw new BadBody('neither a JSON object nor a list of them');
  const { write_key: own, writeKey = own, ...rest } = value as Record<string, unknown>;
  const key = typeof writeKey === 'string' ? writeKey : null;
  const items = rest[list];
  if (!Array.isArray(items)) return { items: [rest], sentAt: undefined, writeKey: key };
  return { items, sentAt: rest['sent_at'] ?? rest['sentAt'], writeKey: key };
}

// --- internal ---

const DEEPEST = 64;
const LONG_NUMBER = /\d[\d.]{14,}/;

/** What reads it later goes down level by level. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{]|[\]}]/gs)) {
    if (part === '[' || part === '{') depth += 1;
    else if (part === ']' || part === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Numbers with more digits than a number can hold stay text. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return source.replaceAll(/\D/g, '').length > 15 ? source : value;
}
