/**
 * Whether numbers may decide a budget: what the checks that gate them say of the data under them.
 *
 * It is read from what is shown, together with the numbers: whatever build is shown, its own checks judge it.
 */
import type { Session } from '../warehouse/contract.ts';
import { ackOf, acksAt, type Ack } from './acks.ts';
import { readCheckedBuild, type CheckedBuild } from './checked-build.ts';
import { builtChecks, findingId, readFindings, type Finding, type KnownCheck } from './findings.ts';
import { layerOf, type LayerName } from './layer-names.ts';
import { openSince } from './results.ts';

/** A finding with what is known about it. */
export interface Judged extends Finding {
  /** Which one of its check, over time. */
  id: string;
  /** When a build had it first, ISO 8601; null where no build wrote it down. */
  since: string | null;
  /** What numbers for budgets need of it; null where they do not. */
  gates: string | null;
  layer: LayerName;
  ack: Ack | null;
}

export interface Trust {
  /** `untrusted`: a gating check has an error that nobody answers for. `unchecked`: no build has run all of the checks. */
  trust: 'trusted' | 'untrusted' | 'unchecked';
  /** The errors that make them untrusted. */
  because: { check: string; subject: string }[];
}

export interface Judgement extends Trust {
  findings: Judged[];
  /** Names of the checks that were asked. */
  asked: string[];
}

export interface TrustSettings {
  now: Date;
  /** Data built longer ago than that is stale whatever it says of itself. */
  freshnessHours: number;
  /** `refuse`: numbers stand on every check of the layers under attribution, whatever it gates. */
  gate: 'stamp' | 'refuse';
}

/**
 * Judges the state that is shown, at an instant, by the checks it was built with. `known`: those that findings are read of
 * where no build has run all of its own.
 */
export async function judge(
  session: Session,
  { now, freshnessHours, gate }: TrustSettings,
  known: readonly KnownCheck[] = [],
): Promise<Judgement> {
  const build = await readCheckedBuild(session);
  const checks = await builtChecks(session, build?.checks ?? known);
  const byName = new Map(checks.map((check) => [check.name, check]));
  const since = await openSince(session);
  const acks = await acksAt(session, now);
  const ofBuild = build === null ? [] : [...ageOf(build, now, freshnessHours), ...mixtureOf(build)];
  const found = (await readFindings(session, checks)).map((finding) => {
    const id = findingId(finding, byName.get(finding.check));
    const gates = byName.get(finding.check)?.gates ?? null;
    return { ...finding, id, since: since(finding.check, id), gates };
  });
  const findings = [...ofBuild, ...found].map((finding): Judged => ({
    ...finding,
    layer: layerOf(finding.check, checks),
    ack: ackOf(acks, { ...finding, finding: finding.id }) ?? null,
  }));
  const asked = checks.map(({ name }) => name);
  if (build === null) return { trust: 'unchecked', because: [], findings, asked };
  const because = findings
    .filter(({ severity, ack }) => severity === 'error' && ack === null)
    .filter(({ gates, layer }) => gates !== null || (gate === 'refuse' && (layer === 'data' || layer === 'pipeline')))
    .map(({ check, subject }) => ({ check, subject }));
  return { trust: because.length === 0 ? 'trusted' : 'untrusted', because, findings, asked };
}

/** The check that no model can make: whether all was built lately, and at once. */
export const BUILD_AGE = 'build_age';

// --- internal ---

type OfBuild = Omit<Judged, 'layer' | 'ack'>;

const HOUR_MS = 3_600_000;

/** Up to two days an age is told in tenths of an hour, upwards: 26.01 hours are not 26. */
function ageOf({ builtAt }: CheckedBuild, now: Date, freshnessHours: number): OfBuild[] {
  const at = new Date(builtAt);
  const hours = (now.getTime() - at.getTime()) / HOUR_MS;
  const subject = 'the warehouse';
  const about = { check: BUILD_AGE, subject, id: subject, day: at.toISOString().slice(0, 10) };
  if (hours < -1) {
    const detail = `was built ${Math.floor(-hours)} hours from now: a clock was or is wrong`;
    return [{ ...about, severity: 'warning', gates: null, since: at.toISOString(), detail }];
  }
  if (hours <= freshnessHours) return [];
  const since = new Date(at.getTime() + freshnessHours * HOUR_MS).toISOString();
  const told = hours < 48 ? Math.ceil(hours * 10) / 10 : Math.floor(hours);
  const detail = `was built ${told} hours ago, ${freshnessHours} are allowed`;
  return [{ ...about, severity: 'error', gates: 'freshness', since, detail }];
}

function mixtureOf({ buildId, mixedBy }: CheckedBuild): OfBuild[] {
  if (mixedBy === null) return [];
  const subject = 'checks and numbers';
  const at = new Date(mixedBy.builtAt).toISOString();
  return [
    {
      check: BUILD_AGE,
      subject,
      id: `${subject} ${mixedBy.buildId}`,
      day: at.slice(0, 10),
      severity: 'error',
      gates: 'coverage',
      since: at,
      detail: `are of different builds: ${mixedBy.buildId} brought some of them up to date and left others as ${buildId} made them`,
    },
  ];
}
