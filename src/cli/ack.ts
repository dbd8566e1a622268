/**
 * `revops ack`: somebody has looked at a finding and answers for it, until a day.
 */
import { RevopsError } from '../errors.ts';
import { compileModels } from '../project/overlay.ts';
import { acknowledge, checksOf, judge, recordShown, type Ack } from '../quality/index.ts';
import { requireChecks } from './check.ts';
import type { CommandContext, Options } from './context.ts';
import { operator } from './operator.ts';
import { openProject, withLease } from './session.ts';

/** Answers for what the check finds now, about one subject or all: what it finds later is something else. */
export async function ackCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const [name = ''] = words;
  const project = await openProject(context);
  const checks = checksOf((await compileModels(project)).project);
  requireChecks([name], checks);
  const now = context.now();
  const answer = {
    reason: reasonOf(options),
    by: operator(),
    acknowledgedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + daysOf(options) * 86_400_000).toISOString(),
  };
  const subject = textOf(options['subject']);
  const acks = await withLease(context, project, async (warehouse) => {
    // an answer is for what is on record
    await recordShown(warehouse, checks, now);
    const { findings } = await judge(warehouse, { ...project.checks, now }, checks);
    const found = findings.filter(({ check }) => check === name);
    requireFinding(name, subject, [...new Set(found.map((finding) => finding.subject))]);
    const acknowledged = found
      .filter((finding) => subject === undefined || finding.subject === subject)
      .map(({ check, subject: about, id, severity }): Ack => ({
        check,
        subject: about,
        finding: id,
        severity,
        ...answer,
      }));
    await warehouse.transaction(async (session) => {
      for (const ack of acknowledged) await acknowledge(session, ack);
    });
    return acknowledged;
  });
  if (context.globals.json) return context.terminal.printJson(acks);
  const until = `Acknowledged until ${answer.expiresAt.slice(0, 10)}, as long as it gets no worse`;
  context.terminal.print(
    [`${until}: ${name}`, ...acks.map(({ severity, finding }) => `  ${severity}: ${finding}`)].join('\n'),
  );
}

// --- internal ---

const DAYS = 14;
const MOST_DAYS = 90;

function reasonOf(options: Options): string {
  const reason = textOf(options['reason']);
  if (reason !== undefined) return reason;
  throw new RevopsError('USAGE', 'an acknowledgement needs a reason', {
    hint: 'revops ack volume_drop --reason "public holiday in Bavaria"',
  });
}

/** USAGE: it would be forgotten that somebody answers for it. */
function daysOf(options: Options): number {
  const text = textOf(options['days']);
  if (text === undefined) return DAYS;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new RevopsError('USAGE', `--days ${text}: expected a whole number from 1 to ${MOST_DAYS}`);
}

function requireFinding(check: string, subject: string | undefined, subjects: readonly string[]): void {
  if (subjects.length === 0)
    throw new RevopsError('USAGE', `${check} finds nothing now: there is nothing to acknowledge`);
  if (subject === undefined || subjects.includes(subject)) return;
  throw new RevopsError('USAGE', `${check} finds nothing about ${subject}`, {
    hint: `It finds something about: ${subjects.join('; ')}.`,
  });
}

function textOf(option: unknown): string | undefined {
  return typeof option === 'string' && option.trim() !== '' ? option.trim() : undefined;
}
