/**
 * What numbers that decide a budget say of the data under them.
 */
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { judge, type Judgement, type Trust } from '../quality/index.ts';
import type { Session } from '../warehouse/contract.ts';
import type { CommandContext } from './context.ts';

/** With what is older than it may be, for people. */
export interface Standing extends Trust {
  stale: string[];
}

/** Of what is shown, at the command's time. */
export async function readTrust(
  context: CommandContext,
  { checks }: Pick<Project, 'checks'>,
  session: Session,
): Promise<Standing> {
  return standingOf(await judge(session, { ...checks, now: context.now() }));
}

export function standingOf({ trust, because, findings }: Judgement): Standing {
  const stale = findings.filter(
    ({ severity, gates, ack }) => severity === 'error' && gates === 'freshness' && ack === null,
  );
  return { trust, because, stale: stale.map(({ subject, detail }) => `${subject} ${detail}`) };
}

/** The line above numbers that are not trusted; none above others. */
export function trustLines({ trust, because, stale = [] }: Trust & Partial<Standing>): string[] {
  if (trust === 'trusted') return [];
  if (trust === 'unchecked') return ['UNCHECKED: no build has run all of the checks yet; `revops build` does.', ''];
  const old = stale.length === 0 ? '' : ` STALE: ${listOf(stale)}.`;
  return [`UNTRUSTED: ${reasonsOf(because)}.${old} \`revops check\` says what to do.`, ''];
}

/**
 * After the numbers were printed: CHECK_FAILED where they are not trusted, under `--strict`; STALE_DATA where they are
 * older than they may be.
 */
export function requireTrust({ trust, because, stale = [] }: Trust & Partial<Standing>, isStrict: boolean): void {
  if (isStrict && trust !== 'trusted') throw untrusted({ trust, because }, 'the numbers are');
  if (stale.length === 0) return;
  throw new RevopsError('STALE_DATA', `the numbers are older than they may be: ${listOf(stale)}`, {
    hint: '`revops run` brings them up to date; `checks.slaHours` and `checks.freshnessHours` say how old they may be, `revops ack` answers for it, --force takes them as they are.',
  });
}

/** CHECK_FAILED with the reasons. */
export function untrusted({ trust, because }: Trust, what: string): RevopsError {
  const reasons = because.length === 0 ? '' : `: ${reasonsOf(because)}`;
  return new RevopsError('CHECK_FAILED', `${what} ${trust}${reasons}`, {
    hint:
      trust === 'unchecked'
        ? 'No build has run all of the checks yet: `revops build` does; --force takes numbers as they are, stamped and on record.'
        : '`revops check` says what to do; `revops ack <check> --reason "…"` answers for a finding that is right, --force takes numbers as they are, stamped and on record.',
  });
}

/** `freshness (hubspot.deals), volume_drop (3 findings)`. */
export function reasonsOf(because: Trust['because']): string {
  const byCheck = Map.groupBy(because, ({ check }) => check);
  return [...byCheck]
    .map(([check, found]) => `${check} (${found.length === 1 ? found[0]?.subject : `${found.length} findings`})`)
    .join(', ');
}

// --- internal ---

/** Twenty stale streams are one line. */
function listOf(stale: readonly string[]): string {
  const [first = '', second] = stale;
  const more = stale.length > 2 ? `, and ${stale.length - 2} more` : '';
  return second === undefined ? first : `${first}; ${second}${more}`;
}
