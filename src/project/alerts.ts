/**
 * What is wrong is told once, and once more when it is over: to a webhook as Slack takes it, and to a command. Each is told
 * on its own, and what each was told is remembered.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isRevopsError, messageOf, RevopsError } from '../errors.ts';
import { redact } from '../secret.ts';
import { DESTINATIONS, type Destination, type OverProblem, type Problem } from './alert-destinations.ts';
import type { Project } from './load.ts';

/** Who was told, and why others were not. */
export interface Told {
  told: { destination: Destination; begun: Problem[]; ended: OverProblem[] }[];
  /** ALERT_FAILED, one for each destination that could not be told: the next run tells it again. */
  failed: RevopsError[];
}

/**
 * Tells each destination what is new since it was told last, and remembers it in the project's state folder. `isAll`:
 * nothing else is wrong, so what is not among them has ended; a run that broke off does not know.
 */
export async function tellProblems(
  project: Project,
  problems: readonly Problem[],
  { at, isAll }: { at: Date; isAll: boolean },
): Promise<Told> {
  const now = new Map(problems.map((problem) => [problem.key, withoutSecrets(problem)]));
  const result: Told = { told: [], failed: [] };
  const before = await readOpen(project);
  const after = await Promise.all(
    Object.keys(before).map(async (name): Promise<[Destination, Open[]]> => {
      const destination = name as Destination;
      const open = before[destination] ?? [];
      const { begun, ended, still } = changes(open, now, { at, isAll });
      if (begun.length + ended.length === 0) return [destination, still];
      try {
        await DESTINATIONS[destination](project, { at, begun, ended });
      } catch (error) {
        result.failed.push(failureOf(destination, error));
        return [destination, open];
      }
      result.told.push({ destination, begun, ended });
      return [destination, still];
    }),
  );
  const open: OpenProblems = Object.fromEntries(after);
  if (JSON.stringify(open) !== JSON.stringify(before)) await writeOpen(project, open);
  return result;
}

// --- internal ---

interface Open extends OverProblem {
  /** Of one that lingers: when it was seen last. */
  seen?: string;
}

/** What each destination was told and is not over. */
type OpenProblems = Partial<Record<Destination, Open[]>>;

function failureOf(destination: Destination, error: unknown): RevopsError {
  if (isRevopsError(error, 'ALERT_FAILED')) return error;
  return new RevopsError('ALERT_FAILED', `alerts.${destination}: ${redact(messageOf(error))}`);
}

function withoutSecrets(problem: Problem): Problem {
  const { text, alike } = problem;
  return {
    ...problem,
    text: redact(text),
    ...(alike === undefined ? {} : { alike: { ...alike, text: redact(alike.text) } }),
  };
}

function changes(
  told: readonly Open[],
  now: ReadonlyMap<string, Problem>,
  { at, isAll }: { at: Date; isAll: boolean },
): { begun: Problem[]; ended: Open[]; still: Open[] } {
  const before = new Map(told.map((problem) => [problem.key, problem]));
  const begun = [...now.values()].filter(({ key }) => !before.has(key));
  const ended = told.filter((problem) => isAll && !now.has(problem.key) && !lingers(problem, at));
  const isOver = new Set(ended.map(({ key }) => key));
  const still = [...new Map([...before, ...now]).values()]
    .filter(({ key }) => !isOver.has(key))
    .map((problem) => stillOpen(problem, before.get(problem.key), now.has(problem.key), at));
  return { begun, ended, still };
}

function lingers({ lingersHours, seen, since }: Open, at: Date): boolean {
  if (lingersHours === undefined) return false;
  return at.getTime() - Date.parse(seen ?? since) < lingersHours * 3_600_000;
}

/** As it was told first. */
function stillOpen(problem: Problem, told: Open | undefined, isSeen: boolean, at: Date): Open {
  const open = { since: at.toISOString(), ...problem, ...told };
  return isSeen && problem.lingersHours !== undefined ? { ...open, seen: at.toISOString() } : open;
}

function fileOf({ stateFolder }: Project): string {
  return join(stateFolder, 'alerts.json');
}

/**
 * Of the destinations that the config has. One that was never told anything has nothing open, so it is told all there is;
 * a file that cannot be read is none. The first version of the file was one list for all.
 */
async function readOpen(project: Project): Promise<OpenProblems> {
  const { webhook, command } = project.alerts;
  const destinations: Destination[] = [
    ...(webhook === undefined ? [] : ['webhook' as const]),
    ...(command === undefined ? [] : ['command' as const]),
  ];
  if (destinations.length === 0) return {};
  let open: Open[] | OpenProblems = {};
  try {
    open = (JSON.parse(await readFile(fileOf(project), 'utf8')) as { open: Open[] | OpenProblems }).open ?? {};
  } catch {
    // told again
  }
  return Object.fromEntries(
    destinations.map((destination) => [destination, Array.isArray(open) ? open : (open[destination] ?? [])]),
  );
}

async function writeOpen(project: Project, open: OpenProblems): Promise<void> {
  await mkdir(project.stateFolder, { recursive: true });
  const partial = `${fileOf(project)}.${process.pid}.partial`;
  await writeFile(partial, JSON.stringify({ version: 2, open }), { mode: 0o600 });
  await rename(partial, fileOf(project));
}
