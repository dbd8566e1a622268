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

/** The last such request again, changed, with its own credentials; the status of the answer. */
export async function again(emulator: EmulatorServer, which: RegExp, change: Changed = {}): Promise<number> {
  const last = emulator.requests.findLast(({ method, url }) => which.test(`${method} ${url.pathname}`));
  if (last === undefined) throw new Error(`there was no request like ${which.source}`);
  const url = new URL((change.path?.(last.url.pathname) ?? last.url.pathname) + last.url.search, emulator.url);
  for (const [name, value] of Object.entries(change.query ?? {})) url.searchParams.set(name, value);
  const body = change.body?.(last.body) ?? last.body;
  const response = await fetch(url, {
    method: last.method,
    headers: { ...headersOf(last), ...change.headers },
    ...(last.method === 'GET' ? {} : { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

// --- internal ---

/** What belongs to the connection is made anew. */
function headersOf({ headers }: ReceivedRequest): Record<string, string> {
  const connection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      connection.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
