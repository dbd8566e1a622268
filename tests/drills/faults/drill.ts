/**
 * The fault drill: a company in order is brought up to a day; then for each planted fault it goes on with the fault, and
 * each morning the checks are asked, until they find what they do not find in the company without it.
 */
import type { World } from '../../../fixtures/world/index.ts';
import type { Fault } from './fault.ts';
import { findingsOf, isStamped, newFindings, type Found, type Stamped } from './findings.ts';
import { newProject, type FaultProject } from './project.ts';

export interface Drill {
  /** What the company finds without a fault on the morning before. */
  before: Found[];
  /** Several at once where they touch different data. */
  plant(faults: readonly Fault[]): Promise<Planted[]>;
  dispose(): Promise<void>;
}

export interface Planted {
  fault: Fault;
  /** The morning, from 1, on which it was found first; null where it was not. */
  days: number | null;
  /** What its checks found then, and does not without the fault: what gates budgets first. */
  found: Found[];
  /** Whether numbers have to be stamped, and are. */
  mustStamp: boolean;
  stamped: Stamped;
  /** Secrets, e-mails and phones in what was printed and recorded: none. */
  leaks: string[];
}

export interface DrillOptions {
  world: World;
  /** First day of data, and the morning before faults begin. */
  firstDay: string;
  since: string;
  /** Mornings that are looked at, from 1; nights between them bring their files all the same. */
  mornings: readonly number[];
  /** URL of a Postgres server; undefined: DuckDB. */
  server: string | undefined;
  onMorning?: (faults: readonly Fault[], day: number) => void;
  /** Told all that is found on a morning and is not without the faults. */
  onFound?: (found: readonly Found[]) => void;
}

/** Brings the company up to the day before. */
export async function openDrill({
  world,
  firstDay,
  since,
  mornings,
  server,
  onMorning,
  onFound,
}: DrillOptions): Promise<Drill> {
  const base = await newProject(world, firstDay, server);
  mustSucceed(await base.revops(['lock', 'create']));
  mustSucceed(await base.morning(since));
  const before = await findingsOf(base);
  const undisturbed = await base.fork([]);
  const calm = new Map<number, Found[]>();
  let calmDay = 0;

  /** Mornings are asked for in any order, by several at once, and the undisturbed company lives through each once. */
  let living: Promise<unknown> = Promise.resolve();
  function without(day: number): Promise<Found[]> {
    const lived = living.then(() => live(day));
    living = lived;
    return lived;
  }

  async function live(day: number): Promise<Found[]> {
    for (const morning of mornings.filter((candidate) => candidate > calmDay && candidate <= day)) {
      mustSucceed(await undisturbed.morning(morningOf(since, morning)));
      calm.set(morning, await findingsOf(undisturbed));
      calmDay = morning;
    }
    return calm.get(day) ?? [];
  }

  return {
    before,
    async plant(faults) {
      const project = await base.fork(faults);
      const planted = new Map<Fault, Omit<Planted, 'leaks'>>();
      try {
        for (const day of mornings) {
          onMorning?.(faults, day);
          await project.morning(morningOf(since, day));
          const found = newFindings(await findingsOf(project), await without(day));
          const told = faults
            .filter((fault) => !planted.has(fault))
            .map((fault) => ({
              fault,
              days: day,
              found: mostSerious(found.filter((finding) => isOf(finding, fault))),
            }))
            .filter((one) => one.found.length > 0);
          onFound?.(found);
          if (told.length === 0) continue;
          const stamped = await isStamped(project);
          for (const one of told) planted.set(one.fault, { ...one, stamped, mustStamp: one.found.some(isGating) });
          if (planted.size >= faults.length) break;
        }
        const leaks = await project.leaks();
        const unfound = { days: null, found: [], mustStamp: false, stamped: NOT_STAMPED };
        return faults.map((fault) => ({ ...(planted.get(fault) ?? { fault, ...unfound }), leaks }));
      } finally {
        await project.dispose();
      }
    },
    async dispose() {
      await undisturbed.dispose();
      await base.dispose();
    },
  };
}

/** The morning so many days later. */
export function morningOf(since: string, day: number): string {
  return new Date(Date.parse(since) + day * 86_400_000).toISOString();
}

// --- internal ---

const NOT_STAMPED: Stamped = { table: false, json: false, csv: false };

function isOf({ check, subject }: Found, fault: Fault): boolean {
  return fault.checks.includes(check) && fault.subject.test(subject);
}

function isGating({ severity, gates }: Found): boolean {
  return severity === 'error' && gates !== null;
}

const SERIOUSNESS = { error: 0, warning: 1, investigate: 2 };

function mostSerious(found: readonly Found[]): Found[] {
  return found.toSorted(
    (one, other) =>
      SERIOUSNESS[one.severity] - SERIOUSNESS[other.severity] ||
      Number(one.gates === null) - Number(other.gates === null),
  );
}

function mustSucceed({ code, stderr }: Awaited<ReturnType<FaultProject['morning']>>): void {
  if (code !== 0) throw new Error(`the undisturbed company ended with ${code}: ${stderr}`);
}
