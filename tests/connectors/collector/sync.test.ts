/**
 * From the collector into the warehouse: exactly once, whatever is sent again and whatever is killed.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { stripeWebhook } from '../../../connectors/stripe/index.ts';
import { build } from '../../../src/model/index.ts';
import type { SyncStep } from '../../../src/sync/contract.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { engines, isWhole } from '../../support/warehouses.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { event, startCollecting, type Collecting } from './collecting.ts';

const SECRET = 'whsec_of_the_endpoint';

for (const engine of engines) {
  describe(engine, () => {
    let bench: Bench;
    let running: Collecting;
    let now = new Date('2026-10-01T08:00:05Z');
    beforeEach(async () => {
      now = new Date('2026-10-01T08:00:05Z');
      bench = await openBench(engine);
      const webhooks = { stripe: stripeWebhook({ signingSecret: SECRET }) };
      running = await startCollecting({ webhooks, segmentBytes: 4000 }, { now: () => now });
    });
    afterEach(async () => {
      await running.dispose();
      await bench.dispose();
    });
    const signed = (payload: string): string =>
      Stripe.webhooks.generateTestHeaderString({
        payload,
        secret: SECRET,
        timestamp: Math.floor(now.getTime() / 1000),
      });
    const load = async (onStep?: (step: SyncStep) => void): Promise<Record<string, object>> => {
      const report = await bench.sync([running.connector], onStep === undefined ? {} : { onStep });
      return Object.fromEntries(
        report.streams.map(({ stream, status, rows }) => [stream, status === 'ok' ? counts(rows) : { status }]),
      );
    };
    const counts = (rows: { read: number; loaded: number; unchanged: number; rejected: number }): object => {
      expect(rows.read).toBe(rows.loaded + rows.unchanged + rows.rejected);
      return { loaded: rows.loaded, unchanged: rows.unchanged, rejected: rows.rejected };
    };

    test('Events, decisions and what was wrong are loaded while it collects; sent again, they are one row with the first times.', async () => {
      await running.post('/v1/events', [
        event('1'),
        { event_nme: 'x' },
        event('2', { url: 'https://x.example/?gclid=A' }),
      ]);
      await running.post('/v1/consents', {
        consent_id: 'c1',
        identifier_type: 'email',
        identifier: 'a@example.org',
        purpose: 'email',
        is_granted: true,
      });
      expect(await load()).toEqual({
        events: { loaded: 2, unchanged: 0, rejected: 1 },
        consents: { loaded: 1, unchanged: 0, rejected: 0 },
        webhooks: { loaded: 0, unchanged: 0, rejected: 0 },
      });
      for (const _late of [1, 2, 3]) {
        now = new Date(now.getTime() + 3_600_000);
        await running.post('/v1/events', event('1', { event_name: 'renamed' }));
      }
      expect((await load())['events']).toEqual({ loaded: 0, unchanged: 3, rejected: 0 });
      expect(
        await bench.query(
          'select event_id, event_name, received_at, gclid from raw_collector.events order by event_id',
        ),
      ).toEqual([
        { event_id: '1', event_name: 'sign_up', received_at: '2026-10-01T08:00:05.000000Z', gclid: null },
        { event_id: '2', event_name: 'sign_up', received_at: '2026-10-01T08:00:05.000000Z', gclid: 'A' },
      ]);
      expect(await bench.query('select stream, reason from revops.rejected_rows')).toEqual([
        { stream: 'events', reason: 'unknown: event_nme' },
      ]);
      expect(bench.events.filter(({ type }) => type === 'drift')).toEqual([]);
      expect((await load())['events']).toEqual({ loaded: 0, unchanged: 0, rejected: 0 });
    });

    test('A second warehouse is refused and takes nothing away, until the spool is handed over to it.', async () => {
      await running.post('/v1/events', [event('1'), event('2')]);
      await load();
      await running.post('/v1/events', event('3'));
      const other = await openBench(engine);
      try {
        const report = await other.sync([running.connector]);
        expect(report.streams.map(({ stream, status }) => `${stream} ${status}`)).toContain('events failed');
        const failed = report.streams.find(({ stream }) => stream === 'events');
        expect(failed?.error).toMatchObject({ code: 'CONFIG_INVALID' });
        expect(failed?.error?.message).toContain('belongs to another warehouse');
        expect(await load()).toMatchObject({ events: { loaded: 1, unchanged: 0, rejected: 0 } });
        expect((await bench.query('select event_id from raw_collector.events')).length).toBe(3);

        await running.post('/v1/events', event('4'));
        rmSync(join(running.folder, '.revops/collector/events/warehouse'));
        await other.sync([running.connector]);
        expect(await other.query('select event_id from raw_collector.events')).toContainEqual({ event_id: '4' });
        expect(await load()).toMatchObject({ events: { status: 'failed' } });
      } finally {
        await other.dispose();
      }
    });

    test('A payment that is told three times more, hours late, is one row with the time it happened.', async () => {
      const created = now.getTime() / 1000 - 5;
      const payload = JSON.stringify({
        id: 'evt_1',
        type: 'invoice.paid',
        created,
        data: { object: { object: 'invoice', customer_email: 'a@example.org' } },
      });
      for (const hours of [0, 1, 5, 30]) {
        now = new Date((created + 5 + hours * 3600) * 1000);
        const answer = await running.post('/v1/webhooks/stripe', payload, { 'stripe-signature': signed(payload) });
        expect(answer.status).toBe(200);
        if (hours < 5) await load();
      }
      await load();
      expect(
        await bench.query(
          'select source, event_id, event_type, occurred_at, received_at, email from raw_collector.webhooks',
        ),
      ).toEqual([
        {
          source: 'stripe',
          event_id: 'evt_1',
          event_type: 'invoice.paid',
          occurred_at: '2026-10-01T08:00:00.000000Z',
          received_at: '2026-10-01T08:00:05.000000Z',
          email: 'a@example.org',
        },
      ]);
    });

    test('What is said about people becomes their events, and what events say of consent their decisions.', async () => {
      const said = (id: string, hour: number, analytics: boolean | null, marketing: boolean | null = null): object =>
        event(id, {
          anonymous_id: 'a1',
          occurred_at: `2026-10-01T0${hour}:00:00Z`,
          has_analytics_consent: analytics,
          has_marketing_consent: marketing,
        });
      await running.post('/v1/events', [
        said('1', 1, true, false),
        said('2', 2, true),
        said('3', 3, null),
        said('4', 4, false),
      ]);
      await running.post('/v1/events', event('5', { has_analytics_consent: true }));
      for (const [id, email] of [
        ['evt_1', 'a@example.org'],
        ['evt_2', null],
      ]) {
        const payload = JSON.stringify({
          id,
          type: 'invoice.paid',
          created: 1_790_000_000,
          data: { object: { customer_email: email } },
        });
        await running.post('/v1/webhooks/stripe', payload, { 'stripe-signature': signed(payload) });
      }
      await load();
      const { project: all } = await shippedLibrary();
      const models = all.models.filter(({ name }) => name.startsWith('collector_'));
      await build({
        warehouse: bench.warehouse,
        project: { ...all, models, inputs: [] },
        inputs: {},
        now: () => now,
        runId: 'run',
      });
      expect(
        await bench.query('select source, event_id, event_name, email, properties from staging.collector_webhooks'),
      ).toEqual([
        {
          source: 'stripe',
          event_id: 'evt_1',
          event_name: 'invoice.paid',
          email: 'a@example.org',
          properties: expect.anything(),
        },
      ]);
      expect(
        await bench.query(
          'select consent_id, identifier, is_granted from staging.collector_event_consents order by consent_id',
        ),
      ).toEqual([
        { consent_id: '1:advertising', identifier: 'a1', is_granted: false },
        { consent_id: '1:analytics', identifier: 'a1', is_granted: true },
        { consent_id: '4:analytics', identifier: 'a1', is_granted: false },
      ]);
    });

    // What the warehouse has little part in.
    const onDuckdb = engine === 'duckdb' || isWhole ? test : () => undefined;

    onDuckdb('Segments go once they are in the warehouse and not before, wherever a sync dies.', async () => {
      const steps: SyncStep[] = [
        'page_spooled',
        'spool_finished',
        'rows_applied',
        'state_written',
        'load_committed',
        'spool_removed',
      ];
      let sent = 0;
      for (const dying of steps) {
        for (let more = 0; more < 30; more += 1)
          await running.post('/v1/events', event(String((sent += 1)), { properties: { text: 'x'.repeat(200) } }));
        const before = running.segments();
        await load((step) => {
          if (step === dying) throw new Error(`dead at ${step}`);
        }).catch((error: Error) => expect(error.message).toContain(dying));
        const isCommitted = steps.indexOf(dying) >= steps.indexOf('load_committed');
        if (!isCommitted) expect([dying, running.segments()]).toEqual([dying, before]);
      }
      await load();
      await load();
      expect(running.segments().filter((name) => name.endsWith('.log'))).toEqual([]);
      expect(
        await bench.query('select count(*) as rows, count(distinct event_id) as ids from raw_collector.events'),
      ).toEqual([{ rows: sent, ids: sent }]);
    });

    onDuckdb('Syncs that run while events come in miss none and take none twice.', async () => {
      const numbers = Array.from({ length: 200 }, (_, index) => String(index));
      const state = { isSending: true };
      const sending = Promise.all(
        [0, 1, 2, 3].map(async (lane) => {
          for (const id of numbers.filter((_, index) => index % 4 === lane))
            await running.post('/v1/events', event(id));
        }),
      ).finally(() => (state.isSending = false));
      let loaded = 0;
      while (state.isSending) loaded += ((await load())['events'] as { loaded: number }).loaded;
      await sending;
      loaded += ((await load())['events'] as { loaded: number }).loaded;
      expect(loaded).toBe(200);
      expect(
        await bench.query('select count(*) as rows, count(distinct event_id) as ids from raw_collector.events'),
      ).toEqual([{ rows: 200, ids: 200 }]);
      expect(
        await bench.query("select sum(rows_unchanged) as again from revops.loads where stream = 'events'"),
      ).toEqual([{ again: expect.toSatisfy((n) => Number(n) === 0) }]);
    });
  });
}
