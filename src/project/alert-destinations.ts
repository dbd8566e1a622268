/**
 * Who is told what is wrong: a webhook as Slack takes it, and a command.
 */
import { spawn } from 'node:child_process';

import { messageOf, RevopsError } from '../errors.ts';
import { harmless } from '../harmless.ts';
import { redact } from '../secret.ts';
import type { Project } from './load.ts';

/** `key` tells a problem from another one; `text` is for people. */
export interface Problem {
  key: string;
  text: string;
  /** It is over once it was not seen for so many hours. Default: as soon as a run that came to its end does not see it. */
  lingersHours?: number;
  /** Problems alike in `of` and `cause` are one line for people, with the `name` of each: all streams of a platform that is down. */
  alike?: { of: string; cause: string; name: string; text: string };
}

export interface OverProblem extends Problem {
  /** ISO 8601. */
  since: string;
}

/** What has begun, and what has ended. */
export interface News {
  at: Date;
  begun: readonly Problem[];
  ended: readonly OverProblem[];
}

export type Destination = 'webhook' | 'command';

/** ALERT_FAILED, which names the destination, where it could not be told. Call only what the config has. */
export const DESTINATIONS: Record<Destination, (project: Project, news: News) => Promise<void>> = {
  webhook: (project, news) => post(project.alerts.webhook?.reveal() ?? '', { text: alertText(project.name, news) }),
  command: ({ name, alerts, folder }, { at, begun, ended }) =>
    call(alerts.command ?? [], folder, {
      project: name,
      at: at.toISOString(),
      begun: begun.map(({ key, text }) => ({ key, text })),
      ended: ended.map(({ key, text, since }) => ({ key, text, since })),
    }),
};

// --- internal ---

const WEBHOOK_MS = 10_000;
const COMMAND_MS = 30_000;

/** Names of a line; the rest is counted. */
const NAMES = 3;

/** An alert for people: one line per problem, or for those that are alike. */
function alertText(project: string, { begun, ended }: News): string {
  const news = linesOf(begun, () => '');
  const over = linesOf(ended, ({ since }) => `over, since ${since.slice(0, 16).replace('T', ' ')} UTC: `);
  return [
    `revops ${project}: ${[...(news.length > 0 ? [`${news.length} new`] : []), ...(over.length > 0 ? [`${over.length} over`] : [])].join(', ')}`,
    ...news.map((line) => `• ${line}`),
    ...over.map((line) => `✓ ${line}`),
  ]
    .map(forSlack)
    .join('\n');
}

function linesOf<P extends Problem>(problems: readonly P[], before: (problem: P) => string): string[] {
  const groups = Map.groupBy(problems, (problem) => {
    const { key, alike } = problem;
    return JSON.stringify(alike === undefined ? [key] : [alike.of, alike.cause, before(problem)]);
  });
  return [...groups.values()].map((group) => {
    const [first] = group as [P];
    return `${before(first)}${group.length === 1 || first.alike === undefined ? first.text : together(first.alike, group)}`;
  });
}

/** `hubspot (companies, contacts, deals and 16 more) failed: …`. */
function together({ of, text }: NonNullable<Problem['alike']>, group: readonly Problem[]): string {
  const names = group.map(({ alike }) => alike?.name ?? '');
  const more = names.length > NAMES ? ` and ${names.length - NAMES} more` : '';
  return `${of} (${names.slice(0, NAMES).join(', ')}${more}) ${text}`;
}

/** Text of others, names of campaigns, could mention a channel, hide a link or begin a line of its own. */
function forSlack(line: string): string {
  return harmless(line.replaceAll(/\s+/g, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
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
function call([program = '', ...words]: readonly string[], folder: string, alert: object): Promise<void> {
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
