/**
 * What the platforms of the contract tests share: each is an emulator and a clock.
 */
import type { EmulatorServer, ReceivedRequest } from '../../../fixtures/emulators/server.ts';
import type { TestPlatform } from '../../../src/testing/index.ts';

/** The parts of a platform that an emulator gives. `data`: which requests are for data. */
export function onEmulator(
  emulator: EmulatorServer,
  data: RegExp,
): Pick<TestPlatform, 'inject' | 'clearFaults' | 'requests' | 'close'> {
  return {
    inject: (fault) => emulator.inject({ match: data.source, ...fault }),
    clearFaults: () => emulator.clearFaults(),
    requests: () =>
      emulator.requests.filter(({ method, url }) => data.test(`${method} ${url.pathname}${url.search}`)).length,
    close: () => emulator.close(),
  };
}

/** What is changed of a request that went well. */
export interface Changed {
  path?: (path: string) => string;
  query?: Readonly<Record<string, string>>;
  body?: (body: string) => string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * The connector's last such request again, changed, with its own credentials; the status of the answer. As it was it has to go well: a
 * refusal says something of the change only.
 */
export async function again(emulator: EmulatorServer, which: RegExp, change: Changed = {}): Promise<number> {
  const last = emulator.requests.findLast(
    (request) => !AGAIN.has(request) && which.test(`${request.method} ${request.url.pathname}`),
  );
  if (last === undefined) throw new Error(`there was no request like ${which.source}`);
  if (Object.keys(change).length > 0) {
    const status = await sent(emulator, last, {});
    if (status >= 400) throw new Error(`${which.source}: unchanged, it is refused, too (${status})`);
  }
  return sent(emulator, last, change);
}

// --- internal ---

/** Requests made here: the next change is not made to one that is changed already. */
const AGAIN = new WeakSet<ReceivedRequest>();

async function sent(emulator: EmulatorServer, last: ReceivedRequest, change: Changed): Promise<number> {
  const url = new URL((change.path?.(last.url.pathname) ?? last.url.pathname) + last.url.search, emulator.url);
  for (const [name, value] of Object.entries(change.query ?? {})) url.searchParams.set(name, value);
  const body = change.body?.(last.body) ?? last.body;
  const before = emulator.requests.at(-1);
  const response = await fetch(url, {
    method: last.method,
    headers: { ...headersOf(last), ...change.headers },
    ...(last.method === 'GET' ? {} : { body }),
  });
  await response.arrayBuffer();
  const received = emulator.requests.at(-1);
  if (received === undefined || received === before) throw new Error('the emulator received nothing');
  AGAIN.add(received);
  return response.status;
}

/** What belongs to the connection is made anew. */
function headersOf({ headers }: ReceivedRequest): Record<string, string> {
  const connection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      connection.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
