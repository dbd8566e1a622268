/**
 * TLS to a Postgres server, as the config says it, in the terms of Node.
 */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

import { messageOf, RevopsError } from '../errors.ts';

export interface TlsConfig {
  /**
   * `verify-full`: the certificate is of an authority that is trusted, and of this host. `verify-ca`: of such an
   * authority. `require`: encrypted, with whomever. `disable`: not encrypted. Default `verify-full`.
   */
  mode?: 'verify-full' | 'verify-ca' | 'require' | 'disable';
  /** Certificates of the authorities that are trusted, PEM. Default: those Node trusts. */
  caFile?: string;
  /** Certificate and key of this client, PEM, where the server asks for them. */
  certFile?: string;
  keyFile?: string;
}

/** Options of the connection; false: none. CONFIG_INVALID for a file that cannot be read. */
export function tlsOptions({ mode = 'verify-full', caFile, certFile, keyFile }: TlsConfig): ConnectionOptions | false {
  if (mode === 'disable') return false;
  return {
    ...(caFile === undefined ? {} : { ca: pem('caFile', caFile) }),
    ...(certFile === undefined ? {} : { cert: pem('certFile', certFile) }),
    ...(keyFile === undefined ? {} : { key: pem('keyFile', keyFile) }),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
}

/** The URL without parameters of its own about TLS: the driver would take them before what the config says. */
export function withoutTls(url: string): string {
  const changed = new URL(url);
  for (const name of [...changed.searchParams.keys()]) if (name.startsWith('ssl')) changed.searchParams.delete(name);
  return changed.href;
}

// --- internal ---

function pem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RevopsError('CONFIG_INVALID', `warehouse.tls.${option}: ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
