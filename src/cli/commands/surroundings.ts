/**
 * What is alike for every command: what it reads of the environment, and how it ends.
 */

/** `[name, description]`. */
export const ENVIRONMENT: readonly [string, string][] = [
  ['REVOPS_NOW', 'as --now'],
  ['REVOPS_USER', 'who acknowledges and forces, for the record (default: the account)'],
  [
    'REVOPS_COMPILE_CACHE',
    "folder for what models compile to, shared by many projects or checkouts (default: the project's .revops/)",
  ],
  ['REVOPS_<CONNECTOR>_ENDPOINT', 'where a platform is reached: a proxy, a gateway, an emulator'],
  ['REVOPS_<CONNECTOR>_TOKEN_ENDPOINT', 'where its access tokens come from'],
  ['REVOPS_TEST_POSTGRES_URL', 'the server on which `revops test --warehouse postgres` makes its database'],
];

/** `[code, meaning]`. */
export const EXIT_CODES: readonly [number, string][] = [
  [0, 'ok'],
  [1, 'failed'],
  [2, 'usage or configuration'],
  [3, 'another run holds the warehouse'],
  [4, 'partial: some streams are up to date, others go on with the next run'],
  [5, 'refused: a data test failed, the attribution lock does not allow it, or the data cannot be trusted'],
  [130, 'stopped by SIGINT'],
  [143, 'stopped by SIGTERM'],
];
