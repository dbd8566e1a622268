/**
 * What is tolerated between claims and conversions, as the relation models read: `reconciliation_settings`.
 */
import type { InputRow } from '../model/contract.ts';
import type { Project } from './load.ts';

/** The one row of `reconciliation_settings`. */
export function reconciliationRows({ reconciliation }: Project): InputRow[] {
  return [
    {
      conversion_tolerance: reconciliation.conversionTolerance.toFixed(6),
      amount_tolerance: reconciliation.amountTolerance.toFixed(6),
    },
  ];
}
