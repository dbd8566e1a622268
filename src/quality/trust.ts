/**
 * Whether numbers may decide a budget: what the checks that gate them say of the data under them.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { ackOf, acksAt, type Ack } from './acks.ts';
import { findingId, readFindings, type Check, type Finding } from './findings.ts';
import { layerOf } from './layer-names.ts';
import { openFindings, openSince, type OpenFinding } from './results.ts';

/** A finding with what is known about it. */
export interface Judged extends Finding {
  /** When a build had it first, ISO 8601; null where no build wrote it down. */
  since: string | null;
  /** What numbers for budgets need of it; null where they do not. */
  gates: Check['gates'] | null;
  ack: Ack | null;
}

export interface Trust {
  /** `untrusted`: a gating check has an error that nobody answers for. `unchecked`: no build has recorded its checks. */
  trust: 'trusted' | 'untrusted' | 'unchecked';
  /** The errors that make them untrusted. */
  because: { check: string; subject: string }[];
}

export interface Judgement extends Trust {
  findings: Judged[];
}

export interface TrustSettings {
  now: Date;
  /** Data built longer ago than that is stale whatever it says of itself. */
  freshnessHours: number;
  /** `refuse`: numbers stand on every check of the layers under attribution, whatever it gates. */
  gate: 'stamp' | 'refuse';
}

/** Judges the state that is shown, at an instant. */
export async function judge(
  session: Session,
  checks: readonly Check[],
  { now, freshnessHours, gate }: TrustSettings,
): Promise<Judgement> {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const [found, since, acks] = [
    await readFindings(session, checks),
    await openSince(session),
    await acksAt(session, now),
  ];
  const findings = [...(await staleBuild(session, now, freshnessHours)), ...found].map((finding): Judged => {
    const check = byName.get(finding.check);
    return {
      ...finding,
      since: since(finding.check, findingId(finding, check)),
      gates: finding.check === BUILD_AGE ? 'freshness' : (check?.gates ?? null),
      ack: ackOf(acks, finding) ?? null,
    };
  });
  const errors = findings
    .filter(({ severity, ack }) => severity === 'error' && ack === null)
    .map(({ check, subject, gates = null }) => ({ check, subject, gates, layer: layerOf(check, checks) }));
  return { ...trustOf(errors, gate), findings };
}

/**
 * The errors that nobody answers for, as the last build recorded them, and how old it is at an instant: what the numbers
 * it made stand on. Null where no build has recorded its checks.
 */
export async function recordedErrors(
  session: Session,
  { now, freshnessHours }: Pick<TrustSettings, 'now' | 'freshnessHours'>,
): Promise<OpenFinding[] | null> {
  const errors = (await openFindings(session))?.filter(({ severity }) => severity === 'error');
  if (errors === undefined) return null;
  const acks = await acksAt(session, now);
  const stale = (await staleBuild(session, now, freshnessHours))
    .filter(({ severity }) => severity === 'error')
    .map((finding): OpenFinding => ({ ...finding, gates: 'freshness', layer: 'data' }));
  return [...stale, ...errors].filter((error) => ackOf(acks, error) === undefined);
}

/** What those errors say of numbers that decide a budget. */
export function trustOf(
  errors: readonly Omit<OpenFinding, 'detail' | 'severity'>[] | null,
  gate: TrustSettings['gate'],
): Trust {
  if (errors === null) return { trust: 'unchecked', because: [] };
  const because = errors
    .filter(({ gates, layer }) => gates !== null || (gate === 'refuse' && (layer === 'data' || layer === 'pipeline')))
    .map(({ check, subject }) => ({ check, subject }));
  return { trust: because.length === 0 ? 'trusted' : 'untrusted', because };
}

/** The check that no model can make: whether anything was built lately. */
export const BUILD_AGE = 'build_age';

// --- internal ---

async function staleBuild(session: Session, now: Date, freshnessHours: number): Promise<Finding[]> {
  const [last] = await session.query<{ clock_at: string | null; started_at: string }>(
    ...statement(
      state('builds')
        .whereIn('status', ['published', 'unchanged'])
        .orderBy('started_at', 'desc')
        .limit(1)
        .select('clock_at', 'started_at'),
    ),
  );
  if (last === undefined) return [];
  const at = new Date(last.clock_at ?? last.started_at);
  const hours = (now.getTime() - at.getTime()) / 3_600_000;
  const about = { check: BUILD_AGE, subject: 'the warehouse', day: at.toISOString().slice(0, 10) };
  if (hours < -1) {
    const detail = `was built ${Math.floor(-hours)} hours from now: a clock was or is wrong`;
    return [{ ...about, severity: 'warning', detail }];
  }
  if (hours <= freshnessHours) return [];
  return [
    {
      ...about,
      severity: 'error',
      detail: `was built ${Math.floor(hours)} hours ago, ${freshnessHours} are allowed`,
    },
  ];
}
