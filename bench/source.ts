/**
 * The platform of the bench, a process of its own: the Google Ads emulator, but for the ad group facts, which are as
 * many as asked and cost next to nothing to give (the simulated company computes each of its rows).
 * Arguments: rows per day, instant. Prints its URL.
 */
import { startGoogleAdsEmulator } from '../fixtures/emulators/google-ads/index.ts';
import { startServer } from '../fixtures/emulators/server.ts';
import { createWorld } from '../fixtures/world/index.ts';
import { ACCOUNT, daysBetween, wireRow } from './rows.ts';

const [rowsPerDay = '', now = ''] = process.argv.slice(2);
const emulator = await startGoogleAdsEmulator({ world: createWorld({ months: 2 }), now: () => now });
/** As the platform's. */
const BATCH = 10_000;
const DAY = '0000-00-00';
const batchesOfADay = batches(Number(rowsPerDay));

const server = await startServer({
  async handle({ method, url, headers, body }) {
    const facts = /FROM ad_group WHERE segments\.date BETWEEN '(.*?)' AND '(.*?)'/.exec(body);
    if (facts !== null) {
      const customer = /customers\/(\d+)/.exec(url.pathname)?.[1] ?? '';
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=UTF-8' },
        body: customer === ACCOUNT ? answer(facts[1] ?? '', facts[2] ?? '') : '[]',
      };
    }
    const { host: _, connection: __, 'content-length': ___, ...sent } = headers;
    const answered = await fetch(`${emulator.url}${url.pathname}${url.search}`, {
      method,
      headers: sent as Record<string, string>,
      ...(method === 'GET' ? {} : { body }),
    });
    return {
      status: answered.status,
      headers: { 'content-type': answered.headers.get('content-type') ?? '' },
      body: await answered.text(),
    };
  },
});
console.log(server.url);

// --- internal ---

function* answer(from: string, to: string): Generator<string> {
  let isFirst = true;
  for (const day of daysBetween(from, to)) {
    for (const batch of batchesOfADay) {
      yield `${isFirst ? '[' : ','}${batch.replaceAll(DAY, day)}`;
      isFirst = false;
    }
  }
  yield ']';
}

/** Made before anybody asks: every day has the same rows. */
function batches(rows: number): string[] {
  const made: string[] = [];
  for (let first = 0; first < rows; first += BATCH) {
    const written: string[] = [];
    for (let index = first; index < Math.min(first + BATCH, rows); index += 1) written.push(wireRow(DAY, index));
    made.push(`{"results":[${written.join(',')}],"requestId":"bench"}`);
  }
  return made;
}
