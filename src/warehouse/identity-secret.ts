/**
 * How the project's identity secret reaches the function `identity_key` of the library: as variables of each session, set
 * when it connects. So it stands in no statement, no table and no state, and a session without it makes no key.
 */
import { createHash, createHmac } from 'node:crypto';

import { Secret } from '../secret.ts';

/** Values that functions read from their session, by name. */
export type SessionVariables = Readonly<Record<string, Secret>>;

/** The two pads of HMAC-SHA-256 (RFC 2104) for a secret, hexadecimal: with them `sha256` alone makes keys. SECRET_MISSING where it has no value. */
export function identityVariables(secret: Secret): SessionVariables {
  const key = Buffer.from(secret.reveal(), 'utf8');
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key).copy(block);
  const padded = (by: number): Secret =>
    new Secret(Buffer.from(block.map((byte) => byte ^ by)).toString('hex'), `${secret.origin}, padded`);
  return { identity_inner: padded(0x36), identity_outer: padded(0x5c) };
}

/** Which secret keys were made with, as something that can be written down: it changes with the secret and does not tell it. */
export function identityKeyId(secret: Secret): string {
  return createHmac('sha256', secret.reveal()).update('revops identity key').digest('hex').slice(0, 12);
}

// --- internal ---

/** Of SHA-256. */
const BLOCK_BYTES = 64;
