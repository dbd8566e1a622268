/**
 * The API version spoken, always said explicitly: the SDK's own default is 50.0, of 2020.
 */

/** Spring '26. */
export const API_VERSION = '66.0';
/** Salesforce keeps a version for three years at least. */
export const SUPPORTED_UNTIL = '2029-02-01';
/** Where everything of this version is. */
export const DATA_PATH = `/services/data/v${API_VERSION}`;
