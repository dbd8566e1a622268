/**
 * Unit cases of models: given rows, expected rows.
 */
export type { CaseFailure, CaseResult } from './case-result.ts';
export { openMemory, openTemporaryPostgres, type CaseWarehouse } from './case-warehouse.ts';
export type { Difference } from './diff.ts';
export { caseFingerprint } from './fingerprint.ts';
export { readCases, type CaseFolder } from './read-cases.ts';
export { runCase } from './run-case.ts';
export { caseLabel, type UnitCase } from './unit-case.ts';
