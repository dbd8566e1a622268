/**
 * What a run leaves wrong, for alerts: streams that are behind, red checks, and the error it broke off with.
 */
import { isRevopsError, messageOf } from '../errors.ts';
import type { Problem } from '../project/alert-destinations.ts';
import { tellProblems } from '../project/alerts.ts';
import type { Project } from '../project/load.ts';
import type { Trust } from '../quality/index.ts';
import type { SyncReport } from '../sync/contract.ts';
import type { CommandContext } from './context.ts';
import { failureOf } from './failure.ts';
import { reasonsOf } from './trust.ts';

export interface Alerting {
  /** The run came to its end: these are all of its problems. */
  ended(report: SyncReport, trust: Trust): Promise<void>;
  /** It broke off. */
  failed(error: unknown): Promise<void>;
}

/** Alerts of a command. What cannot be told is a warning: the run's own outcome stands. */
export function openAlerting({ terminal, command, now }: CommandContext, project: Project): Alerting {
  const tell = async (problems: Problem[], isAll: boolean): Promise<void> => {
    try {
      const { failed } = await tellProblems(project, problems, { at: now(), isAll });
      for (const { message } of failed) terminal.warn(`no alert was sent: ${message}; the next run tells it again`);
    } catch (error) {
      terminal.warn(`what alerts told cannot be remembered, so the next run tells it again: ${messageOf(error)}`);
    }
  };
  return {
    ended: (report, trust) => tell([...streamProblems(report), ...checkProblems(trust)], true),
    async failed(error) {
      // somebody stopped it, and knows
      if (isRevopsError(error, 'CANCELLED') || isAbort(error)) return;
      const { code, message } = failureOf(error);
      // where runs follow each other closely one is busy now and then: that is told once, not every time
      const lingers = code === 'LEASE_BUSY' ? { lingersHours: 24 } : {};
      await tell([{ key: `${command} ${code}`, text: `${command} failed: ${code}: ${message}`, ...lingers }], false);
    },
  };
}

// --- internal ---

function streamProblems({ streams }: SyncReport): Problem[] {
  return streams
    .filter(({ status }) => status !== 'ok')
    .map(({ connector, stream, status, error }) => {
      const text = `${status}: ${error === undefined ? 'the next run goes on from here' : messageOf(error)}`;
      const cause = `${status} ${error === undefined ? '' : failureOf(error).code}`;
      return {
        key: `stream ${connector}.${stream}`,
        text: `${connector}.${stream} ${text}`,
        alike: { of: connector, cause, name: stream, text },
      };
    });
}

/** One per check: twenty stale streams are one message. */
function checkProblems({ because }: Trust): Problem[] {
  return [...Map.groupBy(because, ({ check }) => check)].map(([check, found]) => ({
    key: `check ${check}`,
    text: `numbers for budgets are untrusted: ${reasonsOf(found)}`,
  }));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
