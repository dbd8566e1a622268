/**
 * The part of `revops lock verify` about rows: is every frozen row what it was when it was frozen?
 */
import { frozenDigests, ledgersOf, verifyLedger, type LedgerBreach } from '../model/index.ts';
import { changedCredits } from '../attribution/index.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import { plural } from './format.ts';

export interface FrozenRows {
  /** Rows and months by ledger. */
  ledgers: { ledger: string; rows: number; periods: number }[];
  breaches: LedgerBreach[];
  /** Frozen credits that are not what is known of them, though no build noted a difference: what an edit looks like. */
  suspects: { conversion_id: string; touchpoint_id: string; attribution_model: string }[];
}

/** Compares all ledgers of the warehouse with the digests of when they were written. */
export async function verifyFrozen(warehouse: Warehouse): Promise<FrozenRows> {
  const state = await warehouse.describe({ schema: 'revops', name: 'ledger_digests' });
  const names = state === null ? [] : await ledgersOf(warehouse);
  const ledgers: FrozenRows['ledgers'] = [];
  const breaches: LedgerBreach[] = [];
  for (const ledger of names) {
    const frozen = await frozenDigests(warehouse, ledger);
    const rows = frozen.reduce((sum, own) => sum + own.rows, 0);
    ledgers.push({ ledger, rows, periods: new Set(frozen.map(({ period }) => period)).size });
    breaches.push(...(await verifyLedger(warehouse, ledger)));
  }
  const suspects = breaches.length === 0 ? [] : await changedCredits(warehouse, breaches);
  return { ledgers, breaches, suspects };
}

/** One line per breach, then the first rows that look edited. */
export function renderBreaches({ breaches, suspects }: FrozenRows): string[] {
  const lines = breaches.map(({ ledger, period, buildId, frozenRows, foundRows }) => {
    const what =
      frozenRows === foundRows
        ? `${plural(foundRows, 'row')}, not as they were frozen`
        : `${plural(frozenRows, 'row')} frozen, ${foundRows} there`;
    return `${ledger}, ${period || 'no month'}, frozen by ${buildId}: ${what}`;
  });
  const named = suspects
    .slice(0, SHOWN)
    .map((row) => `${row.conversion_id} ${row.touchpoint_id} ${row.attribution_model}`);
  return named.length === 0 ? lines : [...lines, `rows that look edited: ${named.join(', ')}`];
}

export function renderFrozen({ ledgers }: FrozenRows): string {
  if (ledgers.length === 0) return 'Nothing is frozen yet.';
  return ledgers
    .map(
      ({ ledger, rows, periods }) =>
        `${plural(rows, 'row')} of ${ledger} in ${plural(periods, 'month')} ${rows === 1 ? 'is' : 'are'} as they were frozen.`,
    )
    .join('\n');
}

// --- internal ---

const SHOWN = 10;
