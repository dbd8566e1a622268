/**
 * Insights of some days: asked for as reports of a week that the platform makes in its own time, waited for, read, and asked
 * for in smaller parts where one is too much.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Page, ReadContext, SourceRecord } from 'revops/connector';

import type { Account } from './accounts.ts';
import { STATUSES, type MetaClient } from './client.ts';
import { halves, spans, today } from './days.ts';
import { isTooMuch, MetaRequestError, ReportFailed, soundsTooLarge } from './failures.ts';
import { openLedger, SPLIT } from './ledger.ts';
import { pages, type Node } from './nodes.ts';

export interface Report {
  account: Account;
  level: 'campaign' | 'adset' | 'ad';
  fields: readonly string[];
  from: string;
  to: string;
  /** Attribution windows of actions, where actions are asked for. */
  windows: readonly string[];
}

/** Days of a slice: some reports, and all of restatement in one. */
export const SLICE_DAYS = 35;

/** The records of the days asked for, page by page; the last day of each report is told as whole. */
export async function* readReports(
  context: ReadContext<MetaClient>,
  report: Report,
  recordsOf: (row: Node) => readonly SourceRecord[],
): AsyncGenerator<Page> {
  const { client, kept, now, signal } = context;
  const { account } = report;
  const ledger = await openLedger(kept, account.id, today(now, account.timeZone));

  /** A finished report for a part: the one begun before an interruption, or a new one; a failed one is made once more. */
  async function finished(part: Part): Promise<string> {
    const key = keyOf(part);
    for (let failures = 0; ;) {
      const begun = ledger.get(key);
      const id = begun ?? (await begin(client, report, part));
      if (begun === undefined) await ledger.set(key, id);
      try {
        await waitFor(client, account, id, signal);
        return id;
      } catch (error) {
        if (error instanceof ReportFailed) failures += 1;
        else if (begun === undefined || !isGone(error)) throw error;
        await ledger.set(key, undefined);
        if (error instanceof ReportFailed && (error.isTooLarge || failures >= ATTEMPTS)) throw error;
      }
    }
  }

  async function opened(part: Part): Promise<{ first: IteratorResult<Node[]>; rest: AsyncGenerator<Node[]> } | Part[]> {
    const key = keyOf(part);
    if (ledger.get(key) !== SPLIT) {
      try {
        const id = await finished(part);
        const rest = pages((paging) => client.graph.run(id, account.id).getInsights([], paging), PAGE_ROWS);
        // Nothing is handed on before the first page is there, so that the part can still be split.
        return { first: await rest.next(), rest };
      } catch (error) {
        if (!isTooMuch(error) && !(error instanceof ReportFailed)) throw error;
        if ((await smaller(client, account, part)) === null) throw error;
        await ledger.set(key, SPLIT);
      }
    }
    return (await smaller(client, account, part)) ?? [];
  }

  async function* read(part: Part): AsyncGenerator<Node[]> {
    const source = await opened(part);
    if (Array.isArray(source)) {
      for (const half of source) yield* read(half);
      return;
    }
    for (let step = source.first; step.done !== true; step = await source.rest.next()) yield step.value;
  }

  for (const span of spans(report.from, report.to, REPORT_DAYS)) {
    for await (const rows of read({ ...span, campaignIds: null })) yield { records: rows.flatMap(recordsOf) };
    yield { records: [], through: span.to };
  }
  await ledger.close();
}

// --- internal ---

interface Part {
  from: string;
  to: string;
  /** Null: all. */
  campaignIds: readonly string[] | null;
}

/** More is often refused. */
const REPORT_DAYS = 7;
const PAGE_ROWS = 500;
const ATTEMPTS = 2;
const LONGEST_POLL_MS = 60_000;

function keyOf({ from, to, campaignIds }: Part): string {
  return `${from}..${to}${campaignIds === null ? '' : ` ${campaignIds.join(',')}`}`;
}

async function begin(client: MetaClient, { account, level, fields, windows }: Report, part: Part): Promise<string> {
  const statuses = {
    field: `${level}.effective_status`,
    operator: 'IN',
    value: STATUSES[`${level}s`],
  };
  const campaigns =
    part.campaignIds === null ? [] : [{ field: 'campaign.id', operator: 'IN', value: part.campaignIds }];
  const run = await client.graph.account(account.id).getInsightsAsync([...fields], {
    level,
    time_increment: 1,
    time_range: { since: part.from, until: part.to },
    filtering: [statuses, ...campaigns],
    ...(windows.length === 0 ? {} : { action_attribution_windows: windows }),
  });
  return run.id;
}

/** Until the report is whole. "Completed" is said before the last percent is there, so both are asked for. */
async function waitFor(client: MetaClient, account: Account, id: string, signal: AbortSignal): Promise<void> {
  const { pollSeconds, reportMinutes } = client.options;
  const deadline = performance.now() + reportMinutes * 60_000;
  for (let wait = pollSeconds * 1000; ; wait = Math.min(wait * 1.5, Math.max(LONGEST_POLL_MS, pollSeconds * 1000))) {
    const answer = (await client.graph.run(id, account.id).get(POLLED)) as unknown as { _data: Node };
    const { async_status: status, async_percent_completion: percent } = answer._data;
    if (status === 'Job Completed' && Number(percent) === 100) return;
    if (status === 'Job Failed' || status === 'Job Skipped') throw failed(id, status, answer._data);
    if (performance.now() > deadline)
      throw new ReportFailed(`report ${id} was not ready after ${reportMinutes} minutes`, true);
    await sleep(wait, undefined, { signal });
  }
}

/** All that is known of the run is read by naming nothing: which fields describe a failure depends on the version. */
const POLLED: string[] = [];

function failed(id: string, status: string, data: Node): ReportFailed {
  const { error_code: code, error_subcode: subcode, error_message: message } = data;
  const told = typeof message === 'string' ? message : '';
  const numbers = [code, subcode].filter((part) => typeof part === 'number');
  const reason = [...numbers, ...(told === '' ? [] : [told])].join(' ');
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return new ReportFailed(
    `report ${id}: ${status}${reason === '' ? '' : ` (${reason})`}`,
    soundsTooLarge(number(code), number(subcode), told),
  );
}

/** The platform no longer knows a report, or never did for this token. */
function isGone(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof MetaRequestError ? error.cause : error;
  return cause instanceof MetaRequestError && cause.code === 100;
}

/** Two parts that together are this one: fewer days, then fewer campaigns. Null for one campaign and day. */
async function smaller(client: MetaClient, account: Account, part: Part): Promise<Part[] | null> {
  const ranges = halves(part.from, part.to);
  if (ranges !== null) return ranges.map((range) => ({ ...range, campaignIds: part.campaignIds }));
  const ids = part.campaignIds ?? (await idsOfCampaigns(client, account));
  if (ids.length < 2) return null;
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)].map((some) => ({ ...part, campaignIds: some }));
}

async function idsOfCampaigns(client: MetaClient, account: Account): Promise<string[]> {
  const ids: string[] = [];
  for await (const nodes of client.list(account, 'campaigns', ['id']))
    ids.push(...nodes.map((node) => String(node['id'])));
  return ids.toSorted();
}
