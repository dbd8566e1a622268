/**
 * Contract suites for what others write: public as `revops/testing`.
 */
export { writeSpool } from './spool.ts';
export type { Expectation, TestRunner } from './test-runner.ts';
export { warehouseSuite } from './warehouse-suite.ts';
export type { OpenedWarehouse } from './warehouse-suite.ts';
