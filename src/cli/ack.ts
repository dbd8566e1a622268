/**
 * `revops ack`: somebody has looked at a finding and answers for it, until a day.
 */
import { RevopsError } from '../errors.ts';
import { compileModels } from '../project/overlay.ts';
import { acknowledge, checksOf, judge, type Ack } from '../quality/index.ts';
import { requireChecks } from './check.ts';
import type { CommandContext, Options } from './context.ts';
import { operator } from './operator.ts';
import { openProject, withLease } from './session.ts';

export async function ackCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const [name = ''] = words;
  const project = await openProject(context);
  const checks = checksOf((await compileModels(project)).project);
  requireChecks([name], checks);
  const now = context.now();
  const ack: Ack = {
    check: name,
    subject: textOf(options['subject']) ?? null,
    reason: reasonOf(options),
    by: operator(),
    acknowledgedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + daysOf(options) * 86_400_000).toISOString(),
  };
  await withLease(context, project, async (warehouse) => {
    const { findings } = await judge(warehouse, checks, { ...project.checks, now });
    requireFinding(ack, [...new Set(findings.filter(({ check }) => check === name).map(({ subject }) => subject))]);
    await acknowledge(warehouse, ack);
  });
  if (context.globals.json) return context.terminal.printJson(ack);
  const about = ack.subject === null ? '' : ` about ${ack.subject}`;
  context.terminal.print(`Acknowledged until ${ack.expiresAt.slice(0, 10)}: ${name}${about}.`);
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

function requireFinding({ check, subject }: Ack, subjects: readonly string[]): void {
  if (subjects.length === 0)
    throw new RevopsError('USAGE', `${check} finds nothing now: there is nothing to acknowledge`);
  if (subject === null || subjects.includes(subject)) return;
  throw new RevopsError('USAGE', `${check} finds nothing about ${subject}`, {
    hint: `It finds something about: ${subjects.join('; ')}.`,
  });
}

function textOf(option: unknown): string | undefined {
  return typeof option === 'string' && option.trim() !== '' ? option.trim() : undefined;
}
