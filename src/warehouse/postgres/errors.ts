/**
 * Postgres's errors in the project's words.
 */
import { RevopsError, isRevopsError, messageOf } from '../../errors.ts';
import { withoutValues } from '../values-in-messages.ts';

/** The SQLSTATE of an error of the server, or a code of the network. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** What a failed statement or connection is told as. Messages never carry the password or quoted data. */
export function statementError(error: unknown, location: string): RevopsError {
  if (isRevopsError(error)) return error;
  const code = codeOf(error);
  const original = messageOf(error);
  const message = withoutValues(original);
  const cause = message === original ? { cause: error } : {};
  if (/^28|^3D000$/.test(code)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} refused the connection: ${original}`, {
      hint: 'Check user, password and database in the warehouse URL.',
    });
  }
  if (/^ERR_TLS|CERT|^UNABLE_TO_(GET|VERIFY)/.test(code) || /server does not support ssl|certificate/i.test(original)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location}: no TLS connection: ${original}`, {
      hint: 'Name the authority of its certificate in `warehouse.tls.caFile`; docs/security.md says what each mode checks.',
    });
  }
  if (unreachable(code, original, error)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} cannot be reached: ${describeNetwork(error)}`, {
      hint: 'Check that the server runs and that host and port are right; then run the same command again.',
      retryable: true,
      ...cause,
    });
  }
  if (/timeout acquiring a connection/i.test(original)) {
    return new RevopsError(
      'WAREHOUSE_FAILED',
      `${location}: all connections of this process stayed in use for a minute`,
      {
        hint: 'Raise `warehouse.poolSize`, or lower the concurrency.',
        retryable: true,
      },
    );
  }
  if (code === '25006') {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location} can only be read: ${message}`, {
      hint: 'Use the primary server and a user that may write.',
      ...cause,
    });
  }
  if (code === '42501') {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location}: ${message}`, {
      hint: 'Grant the user of the warehouse URL the right to create schemas in the database, and ownership of what revops made; or use the role that this command is for, of `revops doctor --roles`.',
      ...cause,
    });
  }
  return new RevopsError('WAREHOUSE_FAILED', message, { retryable: RETRYABLE.has(code), ...cause });
}

// --- internal ---

/** Serialization failure, deadlock, lock timeout, disk full, out of memory. */
const RETRYABLE = new Set(['40001', '40P01', '55P03', '53100', '53200']);

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

function unreachable(code: string, message: string, error: unknown): boolean {
  // A socket file that is not there, as opposed to any other file.
  if (NETWORK.has(code) || (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'connect')) return true;
  // 08: connection exceptions; 57P: shutdown and start-up; 53300: too many connections.
  if (/^08|^57P0[1-5]$|^53300$/.test(code)) return true;
  return /connection terminated|connection ended|not queryable|timeout expired/i.test(message);
}

/** Node gives several failures at once (IPv4, IPv6) an empty message. */
function describeNetwork(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : '';
  return inner === '' ? messageOf(error) || codeOf(error) : inner;
}
