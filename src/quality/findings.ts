/**
 * What the checks of a project find in the state that is shown: the rows of its models in `models/quality`.
 */
import type { CheckSpec, ModelProject } from '../model/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { literal, qualified } from '../warehouse/sql.ts';
import { withoutPeople } from './personal-data.ts';

export type Severity = 'error' | 'investigate' | 'warning';

/** A check, as its model declares it. */
export interface Check extends CheckSpec, KnownCheck {
  gates?: NonNullable<CheckSpec['gates']>;
  description: string;
}

/** What the records of builds say of a check. */
export interface KnownCheck {
  name: string;
  /** What numbers for budgets need of it; absent or null where they do not. */
  gates?: string | null;
  /** Words that it can be asked for by, besides its name; that of its layer is one. */
  tags: readonly string[];
  /** Whether it can find one subject on several days. */
  isByDay: boolean;
}

export interface Finding {
  check: string;
  /** What it is about: a source, a kind of conversion, a currency. */
  subject: string;
  /** `YYYY-MM-DD`; null where it is about no day. */
  day: string | null;
  severity: Severity;
  detail: string;
}

/** The checks of a project, by name. */
export function checksOf({ models }: ModelProject): Check[] {
  return models
    .flatMap(({ name, description, grain, tags, check }) =>
      check === undefined ? [] : [{ name, description, tags, isByDay: grain.includes('day'), ...check }],
    )
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Those checks that are built. */
export async function builtChecks<C extends KnownCheck>(session: Session, checks: readonly C[]): Promise<C[]> {
  const built = new Set((await session.relations(QUALITY)).map(({ name }) => name));
  return checks.filter(({ name }) => built.has(name));
}

/**
 * The findings of checks, which are built: errors first, then by check, subject and day. They name no person, though the rows
 * of `quality.<check>` may: findings that were about two people are one then, the graver.
 */
export async function readFindings(session: Session, checks: readonly KnownCheck[]): Promise<Finding[]> {
  if (checks.length === 0) return [];
  const arms = checks.map(
    ({ name }) =>
      `select ${literal(name)} as "check", coalesce(subject, '') as subject, day, severity, coalesce(detail, '') as detail from ${qualified({ schema: QUALITY, name })}`,
  );
  const findings = await session.query<Finding>(arms.join('\nunion all\n'));
  return ofNobody(
    findings.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1)),
    checks,
  );
}

/** What tells a finding from another one over time: `freshness`'s day moves, a day with too few conversions stays that day. */
export function findingId({ subject, day }: Finding, check: KnownCheck | undefined): string {
  return check?.isByDay === true && day !== null ? `${subject} ${day}` : subject;
}

// --- internal ---

/** The schema of the models in `models/quality`. */
const QUALITY = 'quality';

function ofNobody(findings: readonly Finding[], checks: readonly KnownCheck[]): Finding[] {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const hidden = new Set<string>();
  return findings.flatMap((finding) => {
    const { check, subject, detail } = finding;
    const told = { ...finding, subject: withoutPeople(subject), detail: withoutPeople(detail) };
    if (told.subject === subject) return [told];
    const key = `${check}\u0000${findingId(told, byName.get(check))}`;
    if (hidden.has(key)) return [];
    hidden.add(key);
    return [told];
  });
}

const ORDER: Record<Severity, number> = { error: 0, investigate: 1, warning: 2 };

function placeOf({ check, subject, day, severity }: Finding): string {
  return [ORDER[severity], check, subject, day ?? ''].join('\u0000');
}
