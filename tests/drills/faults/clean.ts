/** The company without a fault over its months: whatever checks find is a false alarm. */
import type { World } from '../../../fixtures/world/index.ts';
import { findingsOf, keyOf } from './findings.ts';
import { newProject } from './project.ts';

/** What began to be found in a month of mornings, by severity, each subject once as long as it stays. */
export interface Alarms {
  /** `2025-09` */
  month: string;
  mornings: number;
  error: number;
  warning: number;
  investigate: number;
  /** Of errors and warnings. */
  checks: string[];
}

export interface CleanOptions {
  world: World;
  months: number;
  everyDays: number;
  server: string | undefined;
  /** Told what was found new, investigations apart. */
  onMorning?: (day: string, found: string[]) => void;
}

/** Mornings begin after the first full eight weeks: before that no weekday has something to be compared with. */
export async function countAlarms({ world, months, everyDays, server, onMorning }: CleanOptions): Promise<Alarms[]> {
  const start = new Date(`${world.options.start}T06:00:00.000Z`);
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + months);
  const project = await newProject(world, world.options.start, server);
  const byMonth = new Map<string, Alarms>();
  let known = new Set<string>();
  try {
    for (let at = start.getTime() + 56 * DAY_MS; at <= end.getTime(); at += everyDays * DAY_MS) {
      const now = new Date(at).toISOString();
      const { code, stderr } = await project.morning(now);
      if (code !== 0) throw new Error(`the morning of ${now} ended with ${code}: ${stderr}`);
      const found = await findingsOf(project);
      const begun = found.filter((finding) => !known.has(keyOf(finding)));
      known = new Set(found.map(keyOf));
      const alarms = byMonth.get(now.slice(0, 7)) ?? {
        month: now.slice(0, 7),
        mornings: 0,
        error: 0,
        warning: 0,
        investigate: 0,
        checks: [],
      };
      byMonth.set(alarms.month, alarms);
      alarms.mornings += 1;
      for (const { severity } of begun) alarms[severity] += 1;
      const loud = begun.filter(({ severity }) => severity !== 'investigate');
      alarms.checks = [...new Set([...alarms.checks, ...loud.map(({ check }) => check)])].toSorted();
      onMorning?.(
        now.slice(0, 10),
        loud.map((finding) => Object.values(finding).slice(0, 5).join(' | ')),
      );
    }
    const leaks = await project.leaks();
    if (leaks.length > 0) throw new Error(`given away: ${leaks.join(', ')}`);
    return [...byMonth.values()];
  } finally {
    await project.dispose();
  }
}

// --- internal ---

const DAY_MS = 86_400_000;
