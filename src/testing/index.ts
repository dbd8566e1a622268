/**
 * Contract suites for what others write: public as `revops/testing`.
 */
export { CONNECTOR_CASES } from './connector-cases.ts';
export { connectorSuite, CONTRACT_TITLE } from './connector-suite.ts';
export { emptyDuckdb } from './empty-duckdb.ts';
export type { OpenedWarehouse } from './opened-warehouse.ts';
export { writeSpool } from './spool.ts';
export type { ConnectorUnderTest, OpenWarehouse, TestFault, TestPlatform } from './test-platform.ts';
export type { Expectation, TestRunner } from './test-runner.ts';
export { warehouseSuite } from './warehouse-suite.ts';
