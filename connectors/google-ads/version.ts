/**
 * The API version, fixed by the SDK's release, and the day from which the platform may refuse it. Change both together
 * when the SDK is upgraded.
 */
export const API_VERSION = 'v25';

/** First day of the month in which the platform announced the version's end. */
export const API_SUNSET = '2027-08-01';

/** `revops doctor` warns when fewer days are left. */
export const SUNSET_WARNING_DAYS = 60;
