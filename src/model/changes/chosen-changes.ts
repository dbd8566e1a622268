/**
 * Which of the recorded changes a diff is about.
 */
import { RevopsError } from '../../errors.ts';
import type { Session } from '../../warehouse/contract.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import { buildNumber, type Change } from './changes.ts';
import { didYouMean } from '../../nearest.ts';
import type { PublishedRelation } from '../store/state.ts';

export interface ChosenBuilds {
  /** `b12`; default the last build that changed the relation. */
  build?: string;
  /** All builds after this one, or after this instant (ISO 8601), taken together. */
  since?: string;
}

/** The name of the table that is asked for as `cac` or `marts.cac`. Throws USAGE where there is none. */
export function relationAsked(
  written: string,
  published: ReadonlyMap<string, PublishedRelation>,
  all: readonly Change[],
): string {
  const [name = '', schema] = written.split('.').toReversed();
  const names = new Set([...published.keys(), ...all.map((change) => change.name)]);
  const found = published.get(name);
  if (!names.has(name) || (schema !== undefined && found !== undefined && found.schema !== schema)) {
    throw new RevopsError('USAGE', `nothing published is called ${written}${didYouMean(name, names)}`, {
      hint: '`revops list models` shows what the project has; a build publishes it.',
    });
  }
  if (found !== undefined && found.physical === null) {
    throw new RevopsError('USAGE', `${found.schema}.${name} is a view: builds do not change its rows, loads do`, {
      hint: 'Ask for a table that reads it. Replaced versions of raw rows are in raw_<connector>.<table>__history.',
    });
  }
  return name;
}

/** The changes of the relation that are asked for, oldest first. Throws USAGE where they are not recorded (any more). */
export async function chosenChanges(
  session: Session,
  name: string,
  all: readonly Change[],
  { build, since }: ChosenBuilds,
): Promise<Change[]> {
  const own = all.filter((change) => change.name === name && (change.kind === 'updated' || change.kind === 'rebuilt'));
  if (build !== undefined) {
    const found = own.filter((change) => change.buildId === build);
    if (found.length > 0) return found;
    const known = own.map((change) => change.buildId).join(', ');
    throw new RevopsError('USAGE', `there is no record that build ${build} changed ${name}`, {
      hint: `Changes of the last 7 builds are kept; those that changed it: ${known === '' ? 'none' : known}.`,
    });
  }
  const times = await session.query<{ build_id: string; status: string; published_at: string | null }>(
    ...statement(state('builds').select('build_id', 'status', 'published_at')),
  );
  const byId = new Map(times.map((row) => [row.build_id, row]));
  const standing = own.filter((change) => byId.get(change.buildId)?.status === 'published');
  if (since === undefined) return standing.slice(-1);
  const isAfter = (id: string): boolean =>
    /^b\d+$/.test(since)
      ? buildNumber(id) > buildNumber(since)
      : (byId.get(id)?.published_at ?? '') > new Date(since).toISOString();
  const oldest = Math.min(...all.map((change) => buildNumber(change.buildId)));
  const forgotten = times.find(
    (row) => row.status === 'published' && buildNumber(row.build_id) < oldest && isAfter(row.build_id),
  );
  if (forgotten !== undefined) {
    throw new RevopsError('USAGE', `what builds before b${oldest} changed is not kept any more`, {
      hint: `Changes of the last 7 builds are kept: --since b${oldest - 1} is the earliest.`,
    });
  }
  return standing.filter((change) => isAfter(change.buildId));
}
