/**
 * The dated API versions spoken, and the rewrite that makes the SDK speak them: release 14 still calls `/crm/v3`,
 * `/crm/v4` and `/oauth/v1`, which end in 2027.
 */

/** CRM objects, associations, pipelines, properties and owners. */
export const CRM_VERSION = '2026-09';
/** Definitions of forms. What people filled in has no dated path yet. */
export const FORMS_VERSION = '2026-09';
/** Lists and what is on them. */
export const LISTS_VERSION = '2026-03';
/** Account information. */
export const ACCOUNT_VERSION = '2026-03';
/** Tokens. The older path ends on 2027-02-16. */
export const OAUTH_VERSION = '2026-03';

/**
 * Until when all of these are supported: the platform supports a dated version for 18 months, 2026-03 since 30 March 2026,
 * and paths without a date until September 2027.
 */
export const SUPPORTED_UNTIL = '2027-09-01';
export const SUNSET_WARNING_DAYS = 60;

/** The same URL on the dated paths. */
export function dated(url: string): string {
  return url
    .replace(/\/crm\/v3\/(objects|pipelines|properties)\//, `/crm/$1/${CRM_VERSION}/`)
    .replace(/\/crm\/v3\/owners\/?(?=\?|$)/, `/crm/owners/${CRM_VERSION}`)
    .replace(/\/crm\/v3\/lists\//, `/crm/lists/${LISTS_VERSION}/`)
    .replace(/\/crm\/v4\/associations\//, `/crm/associations/${CRM_VERSION}/`)
    .replace(/\/oauth\/v1\/token$/, `/oauth/${OAUTH_VERSION}/token`);
}
