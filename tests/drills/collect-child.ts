/**
 * A collector to be killed: `collect-child.ts <folder>`; prints its address once it accepts.
 */
import { collectorIn } from '../connectors/collector/connector.ts';

const folder = process.argv[2] as string;
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const quiet = (): void => undefined;
await collectorIn(folder, { requestsPerMinute: 10_000_000, segmentBytes: 30_000 }).listen?.({
  now: () => new Date(),
  signal: stop.signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  port: 0,
  onReady: ({ host, port }) => console.log(`http://${host}:${port}`),
});
