/**
 * What `revops doctor` says: whether it is collecting, and what waits to be loaded.
 */
import { statfs } from 'node:fs/promises';
import path from 'node:path';

import type { Diagnosis } from 'revops/connector';

import { KINDS } from './server/parts.ts';
import { isHeld } from './spool/hold.ts';
import { bytesIn } from './spool/segments.ts';

export async function checkCollector(folder: string): Promise<Diagnosis[]> {
  let waiting = 0;
  for (const kind of KINDS) waiting += await bytesIn(path.join(folder, kind));
  const isRunning = await isHeld(folder);
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  return [
    {
      subject: 'collector',
      status: isRunning ? 'ok' : 'warning',
      message: isRunning ? 'collecting' : 'not running here: `revops collect` starts it',
    },
    {
      subject: 'spool',
      status: free !== null && free < LEAST_FREE ? 'warning' : 'ok',
      message: `${megabytes(waiting)} on the disk${free === null ? '' : `, ${megabytes(free)} free`}`,
    },
  ];
}

// --- internal ---

const LEAST_FREE = 512 * 1024 * 1024;

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}
