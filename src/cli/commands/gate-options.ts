/**
 * What every command whose numbers decide a budget takes.
 */
/** The options of every command behind the gate. */
export const GATE_OPTIONS: [string, string][] = [
  ['--strict', 'end with 5 where the checks say that the data cannot be trusted; the numbers are printed all the same'],
  ['--force', 'show numbers that would be refused or fail for the data under them: stamped UNTRUSTED, and on record'],
  ['--reason <text>', 'why they are forced'],
];
