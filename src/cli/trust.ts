/**
 * What numbers that decide a budget say of the data under them.
 */
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { recordedTrust, type Trust } from '../quality/index.ts';
import type { Session } from '../warehouse/contract.ts';
import type { CommandContext } from './context.ts';

/** As the last build recorded it, at the command's time. */
export function readTrust(context: CommandContext, project: Project, session: Session): Promise<Trust> {
  return recordedTrust(session, { now: context.now(), freshnessHours: project.checks.freshnessHours });
}

/** The line above numbers that are not trusted; none above others. */
export function trustLines({ trust, because }: Trust): string[] {
  if (trust === 'trusted') return [];
  if (trust === 'unchecked') return ['UNCHECKED: no build has run the checks yet; `revops build` does.', ''];
  return [`UNTRUSTED: ${reasonsOf(because)}. \`revops check\` says what to do.`, ''];
}

/** `--strict`: CHECK_FAILED after the numbers were printed, where they are not trusted. */
export function requireTrust({ trust, because }: Trust, isStrict: boolean): void {
  if (!isStrict || trust === 'trusted') return;
  throw new RevopsError(
    'CHECK_FAILED',
    `the numbers are ${trust}${because.length === 0 ? '' : `: ${reasonsOf(because)}`}`,
    {
      hint: '`revops check` says what to do; `revops ack <check> --reason "…"` answers for a finding that is right.',
    },
  );
}

/** `freshness (hubspot.deals), volume_drop (3 findings)`. */
export function reasonsOf(because: Trust['because']): string {
  const byCheck = Map.groupBy(because, ({ check }) => check);
  return [...byCheck]
    .map(([check, found]) => `${check} (${found.length === 1 ? found[0]?.subject : `${found.length} findings`})`)
    .join(', ');
}
