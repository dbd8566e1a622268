/**
 * The config and the clock as the relations models read: `settings` and `clock`.
 */
import type { Lock } from '../attribution/index.ts';
import type { InputRow } from '../model/contract.ts';
import { dayOf } from '../sync/days.ts';
import type { Project } from './load.ts';

/** The one row of `settings`; `lock` is the project's attribution lock, `hadBaseline` whether the warehouse ever had one. */
export function settingsRows(project: Project, lock: Lock | null, hadBaseline: boolean): InputRow[] {
  const { attribution } = project;
  return [
    {
      time_zone: project.timeZone,
      reporting_currency: project.currency,
      week_start: project.weekStart,
      lookback_days: attribution.lookbackDays,
      primary_model: attribution.primaryModel,
      conversion_owner: project.conversions.owner,
      session_timeout_minutes: project.sessions.timeoutMinutes,
      session_splits_on_source: project.sessions.splitOnSource,
      position_first: decimal(attribution.positionBased.first),
      position_last: decimal(attribution.positionBased.last),
      w_first: decimal(attribution.wShaped.first),
      w_lead: decimal(attribution.wShaped.lead),
      w_opportunity: decimal(attribution.wShaped.opportunity),
      half_life_days: attribution.halfLifeDays,
      booking_basis: attribution.bookOn,
      settle_days: attribution.settleDays,
      closed_to: attribution.closedTo ?? null,
      has_baseline: lock !== null || hadBaseline,
      baseline_id: lock?.baseline_id ?? null,
      baseline_from: lock?.effective_from ?? null,
      baseline_date: lock === null ? null : dayOf(new Date(lock.created_at), project.timeZone),
      first_date: project.start,
    },
  ];
}

/** The one row of `clock`. */
export function clockRows(project: Project, now: Date): InputRow[] {
  return [{ now_at: now.toISOString(), today: dayOf(now, project.timeZone) }];
}

// --- internal ---

function decimal(share: number): string {
  return share.toFixed(6);
}
