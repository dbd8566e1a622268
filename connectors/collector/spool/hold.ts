/**
 * One process writes to a folder's spools: it listens on a socket in it, which ends with the process however it ends.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { RevopsError } from 'revops/connector';

/** Holds the folder; LEASE_BUSY where another process does. Gives what lets it go. */
export async function holdFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socket = socketOf(folder);
  if (await isHeld(folder)) throw busy(folder);
  await rm(socket, { force: true });
  const server = createServer((connection) => connection.end());
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(error.code === 'EADDRINUSE' ? busy(folder) : error));
    server.listen(socket, done);
  });
  server.unref();
  return () => closed(server);
}

/** Whether a process holds the folder. */
export async function isHeld(folder: string): Promise<boolean> {
  return new Promise((answer) => {
    const connection = connect(socketOf(folder));
    connection.once('connect', () => {
      connection.destroy();
      answer(true);
    });
    connection.once('error', () => answer(false));
  });
}

// --- internal ---

/** Names of sockets are short: those of deep folders stand in the system's folder for temporary files. */
const LONGEST_NAME = 100;

function socketOf(folder: string): string {
  const inside = path.join(folder, 'collector.sock');
  if (Buffer.byteLength(inside) <= LONGEST_NAME) return inside;
  const digest = createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `revops-collector-${digest}.sock`);
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

function busy(folder: string): RevopsError {
  return new RevopsError('LEASE_BUSY', `another process collects into ${folder}`, {
    hint: 'Stop it first, or give this one a folder of its own (option folder).',
    retryable: true,
  });
}
