/**
 * What a project's config says of identities: as the relation models read, and as what sessions of the warehouse get.
 */
import { RevopsError } from '../errors.ts';
import type { InputRow } from '../model/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { identityKeyId, identityVariables, type SessionVariables } from '../warehouse/identity-secret.ts';
import type { Project } from './load.ts';
import { requireSecret } from './secrets.ts';

/** The one row of `identity_settings`. A plan can be made without the secret; a build asks for it (`requireIdentitySecret`). */
export function identityRows({ identity }: Project): InputRow[] {
  const { secret } = identity;
  return [
    {
      key_id: secret === undefined || secret.missing !== undefined ? null : identityKeyId(secret),
      default_country: identity.defaultCountry ?? null,
      most_identities: identity.mostIdentities,
      most_devices: identity.mostDevices,
      joins_mailbox_aliases: identity.joinsMailboxAliases,
    },
  ];
}

/** What of them decides who is who, for the attribution lock: everything but the secret, which only names. */
export function identityParts({ identity }: Project): Record<string, string> {
  return {
    'identity.defaultCountry': identity.defaultCountry ?? 'none',
    'identity.mostIdentities': String(identity.mostIdentities),
    'identity.mostDevices': String(identity.mostDevices),
    'identity.joinsMailboxAliases': String(identity.joinsMailboxAliases),
    'identity.secret': identity.secret === undefined ? 'none' : 'given',
  };
}

/** For sessions that may make keys; none where the secret has no value, so that commands that need none work. */
export function sessionVariables({ identity: { secret } }: Project): { variables?: SessionVariables } {
  return secret === undefined || secret.missing !== undefined ? {} : { variables: identityVariables(secret) };
}

/**
 * Before keys are made. SECRET_MISSING where the config names a secret that is not there; WAREHOUSE_FAILED where it did not
 * reach the session, as with a pooler that drops options of a connection: without it no e-mail would join anybody.
 */
export async function requireIdentitySecret({ identity: { secret } }: Project, session: Session): Promise<void> {
  if (secret === undefined) return;
  requireSecret(secret, 'identity.secret');
  const [row] = await session.query<{ is_there: boolean }>(
    session.engine === 'duckdb'
      ? `select getvariable('identity_outer') is not null as is_there`
      : `select coalesce(current_setting('revops.identity_outer', true), '') <> '' as is_there`,
  );
  if (row?.is_there === true) return;
  throw new RevopsError('WAREHOUSE_FAILED', 'identity.secret did not reach the session of the warehouse', {
    hint: 'It is given as an option of the connection. A pooler in between may drop these: let warehouse.url name the server itself.',
  });
}
