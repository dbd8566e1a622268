import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { Secret } from '../../../src/secret.ts';
import type { PostgresConfig } from '../../../src/warehouse/config.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import type { TlsConfig } from '../../../src/warehouse/tls.ts';
import { openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

const FOLDER = join(import.meta.dirname, 'tls');
const caFile = join(FOLDER, 'ca.pem');
const SSL_REQUEST = 80_877_103;

let test: TestWarehouse;
let proxy: Server;
let url: URL;
let encrypted = 0;
const sockets = new Set<Socket>();

/** What a server with TLS does before the first message, in front of one that has none; of localhost, by a CA of its own. */
function behindTls(port: number): Server {
  return createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (first) => {
      const isAsked = first.length === 8 && first.readUInt32BE(4) === SSL_REQUEST;
      const server = connect(port, '127.0.0.1');
      sockets.add(server);
      server.on('error', () => undefined);
      if (!isAsked) {
        server.write(first);
        socket.pipe(server).pipe(socket);
        return;
      }
      socket.write('S');
      encrypted += 1;
      const key = readFileSync(join(FOLDER, 'server.key'));
      const secure = new TLSSocket(socket, { isServer: true, key, cert: readFileSync(join(FOLDER, 'server.pem')) });
      secure.on('error', () => server.destroy());
      secure.pipe(server).pipe(secure);
    });
  });
}

beforeAll(async () => {
  test = await openTestWarehouse('postgres');
  url = new URL((test.config as PostgresConfig).url.reveal());
  proxy = behindTls(Number(url.port));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  url.port = String((proxy.address() as AddressInfo).port);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
  await test.dispose();
});

/** `encrypted`, `plain`, or the error. */
async function connected(hostname: string, tls: TlsConfig | undefined, parameters = ''): Promise<string> {
  const before = encrypted;
  const place = Object.assign(new URL(`${url.href}${parameters}`), { hostname });
  try {
    const warehouse = await openWarehouse({
      type: 'postgres',
      url: new Secret(place.href, 'test'),
      ...(tls === undefined ? {} : { tls }),
    });
    await warehouse.query('select 1 as one');
    await warehouse.close();
    return encrypted > before ? 'encrypted' : 'plain';
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

it.each<[string, string, TlsConfig | undefined, string]>([
  ['verify-full takes a certificate of a trusted authority for this host', 'localhost', { caFile }, 'encrypted'],
  ['verify-full refuses one of another host', '127.0.0.1', { caFile }, 'WAREHOUSE_UNREACHABLE'],
  ['verify-full refuses an authority that nobody trusts', 'localhost', {}, 'WAREHOUSE_UNREACHABLE'],
  ['verify-ca takes any host of the authority', '127.0.0.1', { mode: 'verify-ca', caFile }, 'encrypted'],
  ['verify-ca refuses another authority', '127.0.0.1', { mode: 'verify-ca' }, 'WAREHOUSE_UNREACHABLE'],
  ['require encrypts with whomever', '127.0.0.1', { mode: 'require' }, 'encrypted'],
  ['disable does not encrypt', '127.0.0.1', { mode: 'disable' }, 'plain'],
  ['a file that is not there is told as what it is', 'localhost', { caFile: '/no/such.pem' }, 'CONFIG_INVALID'],
])('%s', async (_, hostname, tls, outcome) => {
  expect(await connected(hostname, tls)).toMatch(new RegExp(`^${outcome}`));
});

it('the config comes before the URL, and the URL counts where the config says nothing', async () => {
  expect(await connected('127.0.0.1', { mode: 'verify-full', caFile }, '?sslmode=disable')).toBe(
    'WAREHOUSE_UNREACHABLE',
  );
  expect(await connected('127.0.0.1', undefined, '?sslmode=no-verify')).toBe('encrypted');
});
