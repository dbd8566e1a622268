/**
 * Calls to other machines, seen where Node opens every connection: emulators and test servers are on this one.
 */
import { Socket } from 'node:net';

/** From now on no connection of this process leaves the machine; gives those that were to, since it was asked last. */
export function seeOutbound(): () => string[] {
  const called: string[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called with its own socket below
  const connect = Socket.prototype.connect as (this: Socket, ...given: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    const host = hostOf(given);
    if (host === null || LOOPBACK.test(host)) return connect.apply(this, given);
    called.push(host);
    // nobody listens there: refused, as by a firewall
    return connect.call(this, { host: '127.0.0.1', port: 1 });
  };
  return () => called.splice(0);
}

// --- internal ---

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i;

/** Null for a pipe. Connections that Node opens itself come as one list of arguments. */
function hostOf(given: readonly unknown[]): string | null {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: string | null; path?: string | null };
    return typeof path === 'string' && (host ?? '') === '' ? null : (host ?? 'localhost');
  }
  if (Number.isNaN(Number(first))) return null;
  return typeof second === 'string' ? second : 'localhost';
}
