/**
 * What stands between numbers that decide a budget and whoever asks for them: they are stamped, or refused, unless
 * somebody takes them by force, which is written down.
 */
import type { Project } from '../project/load.ts';
import { recordForced, type ForcedAnswer } from '../quality/index.ts';
import { redact } from '../secret.ts';
import type { CommandContext, Options } from './context.ts';
import { operator } from './operator.ts';
import { withLease } from './session.ts';
import { requireTrust, trustLines, untrusted, type Standing } from './trust.ts';

export interface Gate {
  /** Above the numbers. */
  lines: string[];
  /** Beside them. */
  json: Standing & { forced: Pick<ForcedAnswer, 'at' | 'by' | 'reason'> | null };
  /** After them: CHECK_FAILED under `--strict`, STALE_DATA where they are older than they may be; nothing where forced. */
  close(): void;
}

/**
 * Before numbers are shown. CHECK_FAILED where `checks.gate` of the config is `refuse`, the data under them is red or
 * unchecked, and nobody forces them. `subject`: what the command was asked about, as in `explain cac`.
 */
export async function openGate(
  context: CommandContext,
  project: Project,
  standing: Standing,
  options: Options,
  subject = '',
): Promise<Gate> {
  const isForced = options['force'] === true && standing.trust !== 'trusted';
  if (!isForced && project.checks.gate === 'refuse' && standing.trust !== 'trusted') {
    throw untrusted(standing, 'nothing is shown, since the numbers would be');
  }
  const forced = isForced ? await force(context, project, standing, options, subject) : null;
  const why = forced === null ? '' : `Forced by ${forced.by}${forced.reason === null ? '' : `: ${forced.reason}`}.`;
  return {
    lines: why === '' ? trustLines(standing) : [...trustLines(standing).filter((line) => line !== ''), why, ''],
    json: { ...standing, forced },
    close: () => (isForced ? undefined : requireTrust(standing, options['strict'] === true)),
  };
}

// --- internal ---

async function force(
  context: CommandContext,
  project: Project,
  { trust, because }: Standing,
  options: Options,
  subject: string,
): Promise<Pick<ForcedAnswer, 'at' | 'by' | 'reason'>> {
  const { reason: given } = options;
  const reason = typeof given === 'string' && given.trim() !== '' ? redact(given.trim()) : null;
  const forced = { at: context.now().toISOString(), by: operator(), reason };
  const command = askedBy(context, options, subject);
  await withLease(context, project, (warehouse) => recordForced(warehouse, { ...forced, command, trust, because }));
  return forced;
}

/** `cac --channel Paid Search --period 2026-10`: as it was typed, but for ids, which may name people. */
function askedBy({ command }: CommandContext, options: Options, subject: string): string {
  const asked = Object.entries(options)
    .filter(([name, value]) => !NOT_ASKED.includes(name) && value !== undefined && value !== false)
    .map(([name, value]) => `--${kebab(name)}${value === true ? '' : ` ${value}`}`);
  return redact([command, ...(subject === '' ? [] : [subject]), ...asked].join(' '));
}

const NOT_ASKED = ['force', 'reason', 'strict', 'csv'];

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
