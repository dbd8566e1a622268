/**
 * The API version that is asked for, and the days from which the platform may refuse one. The SDK's own version is
 * older and is never used. Change here when the platform announces a version or an end.
 */
export const API_VERSION = 'v26.0';

/** The platform keeps a version of the Marketing API for about a year; where it has not announced the end, that is assumed. */
const SUNSETS: Record<string, string> = {
  'v24.0': '2026-10-06',
  'v25.0': '2027-02-18',
  'v26.0': '2027-07-29',
};

/** `revops doctor` warns when fewer days are left. */
export const SUNSET_WARNING_DAYS = 60;

/** The end of a version; undefined for one that is not known here. */
export function sunsetOf(apiVersion: string): string | undefined {
  return SUNSETS[apiVersion];
}
