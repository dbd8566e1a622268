/** Published builds whose changes are kept: the rows they removed and added, and what was before them. */
const KEPT_BUILDS = 7;

/** The numbers of the builds last published, newest first. */
export function lastPublished(builds: Iterable<readonly [id: string, status: string]>, most = KEPT_BUILDS): number[] {
  return [...builds]
    .flatMap(([id, status]) => (status === 'published' ? Number(id.slice(1)) : []))
    .toSorted((a, b) => b - a)
    .slice(0, most);
}
