/**
 * The thresholds of the checks as the relation models read: `check_settings`.
 */
import type { InputRow } from '../model/contract.ts';
import type { Project } from './load.ts';

/** The one row of `check_settings`. */
export function checkRows({ checks }: Project): InputRow[] {
  return [
    {
      freshness_hours: checks.freshnessHours,
      volume_change: checks.volumeChange.toFixed(6),
      drift_hours: checks.driftHours,
      least_identified: checks.leastIdentified.toFixed(6),
      most_unattributed: checks.mostUnattributed.toFixed(6),
    },
  ];
}
