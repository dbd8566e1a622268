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
      most_mismatched: checks.mostMismatched.toFixed(6),
      least_emails: checks.leastEmails.toFixed(6),
      most_duplicates: checks.mostDuplicates.toFixed(6),
      most_orphans: checks.mostOrphans.toFixed(6),
      most_rejected: checks.mostRejected.toFixed(6),
      most_irregular: checks.mostIrregular.toFixed(6),
      most_restated: checks.mostRestated.toFixed(6),
      most_refunded: checks.mostRefunded.toFixed(6),
      most_givers: checks.mostGivers,
      most_contaminated: checks.mostContaminated.toFixed(6),
      most_unmapped: checks.mostUnmapped.toFixed(6),
      least_linked: checks.leastLinked.toFixed(6),
      most_vanished: checks.mostVanished.toFixed(6),
      least_touches: checks.leastTouches,
      untouched_clicks: checks.untouchedClicks,
      spreadsheet_conversions: checks.spreadsheetConversions,
      definition_warning_days: checks.definitionWarningDays,
      definition_error_days: checks.definitionErrorDays,
    },
  ];
}
