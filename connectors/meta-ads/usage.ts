/**
 * How much of the platform's limits is used: told in the headers of every answer, per account and for the app.
 */
export type Headers = Record<string, unknown>;

/** From here on requests are spaced out. */
export const SLOW_PERCENT = 75;
/** From here on nothing new is begun. */
export const STOP_PERCENT = 95;

export interface UsageMeter {
  note(headers: Headers): void;
  /** Percent used, of the account's limits and the app's, whichever is more. Zero where nothing was told of late. */
  percent(accountId: string | undefined): number;
}

export function newUsageMeter(clock: () => number = () => performance.now()): UsageMeter {
  const told = new Map<string, { percent: number; at: number }>();
  const recent = (key: string): number => {
    const known = told.get(key);
    return known === undefined || clock() - known.at > FORGET_MS ? 0 : known.percent;
  };
  return {
    note(headers) {
      const at = clock();
      const accounts = Object.entries(json(headers[BUSINESS]));
      for (const [account, uses] of accounts) {
        const throttle = accounts.length === 1 ? number(json(headers[THROTTLE])['acc_id_util_pct']) : 0;
        told.set(account, { percent: Math.max(throttle, ...list(uses).map(highest)), at });
      }
      const app = [number(json(headers[THROTTLE])['app_id_util_pct']), highest(json(headers[APP]))];
      if (headers[THROTTLE] !== undefined || headers[APP] !== undefined)
        told.set('', { percent: Math.max(...app), at });
    },
    percent: (accountId) => Math.max(recent(''), accountId === undefined ? 0 : recent(accountId)),
  };
}

/** How long to hold back a request at a level of use: nothing below 75 %, then from a quarter of a second up to two. */
export function pauseAt(percent: number): number {
  if (percent < SLOW_PERCENT) return 0;
  return 250 + (1750 * (Math.min(percent, STOP_PERCENT) - SLOW_PERCENT)) / (STOP_PERCENT - SLOW_PERCENT);
}

/** The wait an answer asks for, in milliseconds; undefined where it asks for none. The platform counts in minutes. */
export function retryAfterIn(headers: Headers): number | undefined {
  const minutes = Object.values(json(headers[BUSINESS]))
    .flatMap(list)
    .map((use) => number(use['estimated_time_to_regain_access']));
  const longest = Math.max(0, ...minutes);
  return longest === 0 ? undefined : longest * 60_000;
}

// --- internal ---

const BUSINESS = 'x-business-use-case-usage';
const THROTTLE = 'x-fb-ads-insights-throttle';
const APP = 'x-app-usage';
const FORGET_MS = 300_000;

type Json = Record<string, unknown>;

function json(header: unknown): Json {
  if (typeof header !== 'string') return {};
  try {
    const value: unknown = JSON.parse(header);
    return typeof value === 'object' && value !== null ? (value as Json) : {};
  } catch {
    // A header that is not what it used to be tells nothing; the platform's refusals still do.
    return {};
  }
}

function list(uses: unknown): Json[] {
  return Array.isArray(uses) ? (uses as Json[]) : [];
}

function highest(use: Json): number {
  return Math.max(number(use['call_count']), number(use['total_cputime']), number(use['total_time']));
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
