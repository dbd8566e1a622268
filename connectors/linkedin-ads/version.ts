/**
 * The API version that is asked for. The platform brings one a month, keeps each for a year at least, and then answers
 * 426. Change here when the versions are moved on.
 */
export const API_VERSION = '202610';

/** `revops doctor` warns when fewer days are left. */
export const SUNSET_WARNING_DAYS = 60;

/**
 * The first day on which a version may be refused: the announced one, else the middle of the same month a year later,
 * which is when the platform has switched versions off so far. Undefined for what is no version.
 */
export function sunsetOf(apiVersion: string): string | undefined {
  const [, year, month] = /^(\d{4})(0[1-9]|1[0-2])$/.exec(apiVersion) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return ANNOUNCED[apiVersion] ?? `${Number(year) + 1}-${month}-15`;
}

// --- internal ---

const ANNOUNCED: Record<string, string> = {
  '202511': '2026-11-16',
  '202601': '2027-01-15',
  '202602': '2027-02-15',
  '202603': '2027-03-16',
  '202604': '2027-04-15',
};
