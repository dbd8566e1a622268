/**
 * The API version every request names. It is the one the SDK's types are made for: change it with the SDK.
 */
export const API_VERSION = '2026-10-28.endive';
