/**
 * Which report the platform is working on for which part of a slice: kept over an interruption, so that nothing is asked
 * for twice. A report shows what was known when it was asked for. It is used on the same day of the account only: so no
 * day has ended and none has become final in between, and what is loaded is as complete as it is recorded to be.
 */
import type { KeptValues } from 'revops/connector';

export interface Ledger {
  /** The id of the report, or SPLIT where the part was found too large. */
  get(part: string): string | undefined;
  set(part: string, entry: string | undefined): Promise<void>;
  /** Forgets every part that was asked about here: the slice is read. */
  close(): Promise<void>;
}

export const SPLIT = 'split';

export async function openLedger(kept: KeptValues, accountId: string, day: string): Promise<Ledger> {
  const entries = new Map<string, string>(Object.entries(await reportsOf(kept, accountId, day)));
  const asked = new Set<string>();
  const save = (): Promise<void> =>
    kept.set(accountId, entries.size === 0 ? null : JSON.stringify({ day, reports: Object.fromEntries(entries) }));
  return {
    get(part) {
      asked.add(part);
      return entries.get(part);
    },
    async set(part, entry) {
      if (entry === undefined) entries.delete(part);
      else entries.set(part, entry);
      await save();
    },
    async close() {
      for (const part of asked) entries.delete(part);
      await save();
    },
  };
}

// --- internal ---

async function reportsOf(kept: KeptValues, accountId: string, day: string): Promise<Record<string, string>> {
  const written = await kept.get(accountId);
  if (written === null) return {};
  const value = JSON.parse(written) as { day: string; reports: Record<string, string> };
  return value.day === day ? value.reports : {};
}
