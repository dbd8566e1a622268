/** Stripe by a restricted key: customers, invoices and charges, some of which change and go. */
import { stripe } from '../../../connectors/stripe/index.ts';
import { EMULATED_KEY, startStripeEmulator } from '../../../fixtures/emulators/stripe/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { charge, customer, day, invoice, tinyBilling } from '../../connectors/stripe/connection.ts';
import { NO_TOTALS } from './changed-crm.ts';
import { again, onEmulator } from './on-emulator.ts';

const WRONG_KEY = 'rk_test_WrongRestrictedKey0123456789abcd';

const INVOICES = /\/v1\/invoices$/;

export const stripeUnderTest: ConnectorUnderTest = {
  name: 'stripe',
  without: {
    merged: 'customers are not merged',
    'a row is missing': NO_TOTALS,
    'records in another order': 'lists come newest first, and the last of a page says where the next one begins',
    'token ends in mid-run': 'a key has no end and cannot be renewed',
    'quota used up': 'there is no quota of a day',
  },
  async start() {
    let now = day(1);
    let log = bills();
    const emulator = await startStripeEmulator({
      log: {
        get changes() {
          return log.changes;
        },
      },
      now: () => now,
    });
    const connectorWith = (apiKey: string) => stripe({ apiKey, endpoint: emulator.url, requestsPerSecond: 10_000 });
    return {
      ...onEmulator(emulator, /^GET \/v1\//),
      connector: connectorWith(EMULATED_KEY),
      refused: connectorWith(WRONG_KEY),
      select: ['stripe.customers', 'stripe.invoices', 'stripe.charges'],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [EMULATED_KEY, WRONG_KEY],
      setPageSize: (records) => emulator.setLargestPage(records ?? 100),
      grow: (times) => void (log = bills(times)),
      beforeAnything() {
        now = day(-1);
        emulator.setNow(now);
      },
      later() {
        now = day(4);
        emulator.setNow(now);
      },
      truth: {
        sql: `select id, currency, cast(total as text) from "raw_stripe".invoices order by id`,
        rows: Array.from({ length: 9 }, (_, index) => `in_${index + 1} jpy 11900`),
      },
      refuses: {
        'another version': () => again(emulator, INVOICES, { headers: { 'stripe-version': '2020-01-01' } }),
        'an unknown parameter': () => again(emulator, INVOICES, { query: { unknown: '1' } }),
        'too large a page': () => again(emulator, INVOICES, { query: { limit: '101' } }),
        'another key': () => again(emulator, INVOICES, { headers: { authorization: `Bearer ${WRONG_KEY}` } }),
        'a missing permission': () => {
          emulator.setPermissions(['rak_customer_read']);
          return again(emulator, INVOICES);
        },
      },
      refusal: (text) =>
        JSON.stringify({ error: { type: 'invalid_request_error', message: text, code: text, param: text } }),
      says: { wait: { special: 'rate_limit_with_wait' }, slower: { special: 'rate_limit' } },
    };
  },
};

// --- internal ---

function bills(times = 1): ReturnType<typeof tinyBilling> {
  const log = tinyBilling();
  for (let id = 1; id <= 9 * times; id += 1) {
    log.put(day(0), 'created', customer(`cus_${id}`, day(0), { name: `"${id}",\n✓` }));
    log.put(day(0), 'created', invoice(`in_${id}`, day(0), { customerId: `cus_${id}`, currency: 'JPY' }));
    log.put(day(0), 'created', charge(`ch_${id}`, day(0), { customerId: `cus_${id}` }));
  }
  log.put(day(2), 'finalized', invoice('in_1', day(0), { status: 'open', number: 'N-1', finalizedAt: day(2) }));
  log.put(day(2), 'deleted', customer('cus_2', day(0)));
  log.put(day(2), 'deleted', invoice('in_3', day(0)));
  log.put(day(3), 'created', customer('cus_10', day(3)));
  return log;
}
