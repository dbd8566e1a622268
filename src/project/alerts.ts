/**
 * What is wrong is told once, and once more when it is over: to a webhook as Slack takes it, and to a command.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { messageOf, RevopsError } from '../errors.ts';
import { redact } from '../secret.ts';
import type { Project } from './load.ts';

/** `key` tells a problem from another one; `text` is for people. */
export interface Problem {
  key: string;
  text: string;
  /** It is over once it was not seen for so many hours. Default: as soon as a run that came to its end does not see it. */
  lingersHours?: number;
}

/** What is told: what has begun, and what has ended. */
export interface Alert {
  project: string;
  /** ISO 8601. */
  at: string;
  begun: Problem[];
  ended: (Problem & { since: string })[];
}

/**
 * Tells what is new since the last time and remembers it in the project's state folder. `isAll`: nothing else is wrong,
 * so what is not among them has ended; a run that broke off does not know. Gives what was told; null where nothing was.
 * Throws ALERT_FAILED where it could not be told: then nothing is remembered, and the next run tells again.
 */
export async function tellProblems(
  project: Project,
  problems: readonly Problem[],
  { at, isAll }: { at: Date; isAll: boolean },
): Promise<Alert | null> {
  const { alerts } = project;
  if (alerts.webhook === undefined && alerts.command === undefined) return null;
  const before = await readOpen(project);
  const now = new Map(problems.map((problem) => [problem.key, { ...problem, text: redact(problem.text) }]));
  const begun = [...now.values()].filter(({ key }) => !before.has(key));
  const ended = [...before.values()].filter((problem) => isAll && !now.has(problem.key) && !lingers(problem, at));
  const isOver = new Set(ended.map(({ key }) => key));
  const still = [...new Map([...before, ...now]).values()]
    .filter(({ key }) => !isOver.has(key))
    .map((problem) => stillOpen(problem, before.get(problem.key), now.has(problem.key), at));
  if (begun.length + ended.length === 0) {
    if (still.some(({ lingersHours }) => lingersHours !== undefined)) await writeOpen(project, still);
    return null;
  }
  const alert: Alert = {
    project: project.name,
    at: at.toISOString(),
    begun: begun.map(({ key, text }) => ({ key, text })),
    ended: ended.map(({ key, text, since }) => ({ key, text, since })),
  };
  if (alerts.webhook !== undefined) await post(alerts.webhook.reveal(), { text: alertText(alert) });
  if (alerts.command !== undefined) await call(alerts.command, alert, project.folder);
  await writeOpen(project, still);
  return alert;
}

/** An alert for people: one line per problem. */
export function alertText({ project, begun, ended }: Alert): string {
  return [
    `revops ${project}: ${[...(begun.length > 0 ? [`${begun.length} new`] : []), ...(ended.length > 0 ? [`${ended.length} over`] : [])].join(', ')}`,
    ...begun.map(({ text }) => `• ${text}`),
    ...ended.map(({ text, since }) => `✓ over, since ${since.slice(0, 16).replace('T', ' ')} UTC: ${text}`),
  ].join('\n');
}

// --- internal ---

const WEBHOOK_MS = 10_000;
const COMMAND_MS = 30_000;

interface Open extends Problem {
  since: string;
  /** Of one that lingers: when it was seen last. */
  seen?: string;
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

/** What was told and is not over, by key. A file that cannot be read is none: it is told again. */
async function readOpen(project: Project): Promise<Map<string, Open>> {
  try {
    const { open } = JSON.parse(await readFile(fileOf(project), 'utf8')) as { open: Open[] };
    return new Map(open.map((problem) => [problem.key, problem]));
  } catch {
    return new Map();
  }
}

async function writeOpen(project: Project, open: readonly Open[]): Promise<void> {
  await mkdir(project.stateFolder, { recursive: true });
  const partial = `${fileOf(project)}.${process.pid}.partial`;
  await writeFile(partial, JSON.stringify({ version: 1, open }), { mode: 0o600 });
  await rename(partial, fileOf(project));
}

/** Errors never name the address: whoever has it can write there. */
async function post(url: string, body: object): Promise<void> {
  let status: number;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(WEBHOOK_MS),
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    throw new RevopsError('ALERT_FAILED', `alerts.webhook cannot be reached: ${redact(messageOf(error))}`, {
      retryable: true,
    });
  }
  if (status >= 200 && status < 300) return;
  throw new RevopsError('ALERT_FAILED', `alerts.webhook answered ${status}`, { retryable: status >= 500 });
}

/** The alert as JSON on its standard input. */
function call([program = '', ...words]: readonly string[], alert: Alert, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (how: string): void => reject(new RevopsError('ALERT_FAILED', `alerts.command ${program} ${how}`));
    const child = spawn(program, words, {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: COMMAND_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => fail(`cannot be started: ${messageOf(error)}`));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(signal === null ? `ended with ${code}` : `did not end within ${COMMAND_MS / 1000} seconds`);
    });
    // one that does not read what it is told may still do its work
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(alert));
  });
}
