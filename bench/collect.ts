/**
 * How long does a sender wait for its answer? A collector in a process of its own, asked at a steady rate, one event a
 * request: `--rate 500`, `--seconds 20`, `--connections 20`. Prints p50, p99, and the
 * processor time and memory of the collector.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import autocannon from 'autocannon';

import { KEY } from '../tests/connectors/collector/connector.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '20' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'revops-bench-collect-'));
const child = spawn(
  process.execPath,
  ['--conditions=source', join(import.meta.dirname, '../tests/drills/collect-child.ts'), folder],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const result = await autocannon({
    url: `${text.toString().trim()}/v1/events`,
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      event_id: '[<id>]',
      event_name: 'page_view',
      anonymous_id: '4b0f7c0e-6d8c-4f0c-9d2a-1f6a3c1f5a77',
      url: 'https://www.example.com/pricing?utm_source=google&utm_medium=cpc&gclid=Cj0KCQjw',
      referrer: 'https://www.google.com/',
      properties: { title: 'Pricing', depth: 3 },
    }),
    idReplacement: true,
    overallRate: Number(values.rate),
    connections: Number(values.connections),
    duration: Number(values.seconds),
  });
  const { latency, requests } = result;
  console.log(
    `${requests.total} requests in ${result.duration} s, ${requests.average} a second, ${result.non2xx} refused, ${result.errors} failed`,
  );
  console.log(
    `answered within ${latency.p50} ms (p50), ${latency.p97_5} ms (p97.5), ${latency.p99} ms (p99), ${latency.max} ms at most`,
  );
  console.log(`${(processorMs() / requests.total).toFixed(2)} ms of a processor per request`);
  console.log(`memory ${megabytes('VmRSS')} MB, ${megabytes('VmHWM')} MB at most`);
} finally {
  child.kill('SIGTERM');
  await once(child, 'close');
  rmSync(folder, { recursive: true });
}

// --- internal ---

/** User and system time of the collector; Linux counts hundredths of a second. */
function processorMs(): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Of the collector, as Linux tells it. */
function megabytes(field: string): string {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) / 1024).toFixed(0);
}
