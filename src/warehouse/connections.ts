/**
 * Where a session gets the connection for its next statement from: any free one, or the one of its transaction.
 */
import { RevopsError } from '../errors.ts';

export interface Connections<Connection> {
  /** A connection for one statement, or for as long as a stream is read. */
  acquire(use: 'statement' | 'stream'): Promise<Connection>;
  release(connection: Connection): void;
}

/**
 * One connection for all, one statement at a time in the order asked. While a stream is read nothing else can run on it:
 * that is an error instead of a wait that never ends.
 */
export function exclusive<Connection>(connection: Connection): Connections<Connection> {
  let streaming = false;
  let turn: Promise<void> = Promise.resolve();
  let done: (() => void) | null = null;
  return {
    async acquire(use) {
      if (streaming) {
        throw new RevopsError(
          'INTERNAL',
          'a statement was run in a transaction while a stream of it was still being read',
          {
            hint: 'Read the stream to its end first, or stream outside of the transaction.',
          },
        );
      }
      const before = turn;
      const mine = Promise.withResolvers<void>();
      turn = mine.promise;
      await before;
      done = mine.resolve;
      streaming = use === 'stream';
      return connection;
    },
    release() {
      streaming = false;
      done?.();
    },
  };
}
