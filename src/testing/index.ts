/**
 * Contract suites for what others write: public as `revops/testing`.
 */
export type { OpenedWarehouse } from './opened-warehouse.ts';
export { writeSpool } from './spool.ts';
export type { Expectation, TestRunner } from './test-runner.ts';
export { warehouseSuite } from './warehouse-suite.ts';
