/**
 * The config and the clock as the relations models read: `settings` and `clock`.
 */
import type { Lock } from '../attribution/index.ts';
import type { InputRow } from '../model/contract.ts';
import { dayOf } from '../sync/days.ts';
import type { Project } from './load.ts';

/** The one row of `settings`; `lock` is the project's attribution lock. */
export function settingsRows(project: Project, lock: Lock | null): InputRow[] {
  return [
    {
      time_zone: project.timeZone,
      reporting_currency: project.currency,
      week_start: project.weekStart,
      lookback_days: project.attribution.lookbackDays,
      primary_model: project.attribution.primaryModel,
      conversion_owner: project.conversions.owner,
      session_timeout_minutes: project.sessions.timeoutMinutes,
      session_splits_on_source: project.sessions.splitOnSource,
      settle_days: project.attribution.settleDays,
      baseline_id: lock?.baseline_id ?? null,
      baseline_from: lock?.effective_from ?? null,
      first_date: project.start,
    },
  ];
}

/** The one row of `clock`. */
export function clockRows(project: Project, now: Date): InputRow[] {
  return [{ now_at: now.toISOString(), today: dayOf(now, project.timeZone) }];
}
