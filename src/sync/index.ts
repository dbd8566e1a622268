/**
 * Sync: from connectors into raw tables, exactly once. See docs/sync.md.
 */
export type * from './contract.ts';
export { sourceCoverage, type SourceCoverage } from './coverage.ts';
export { findGaps, type GapOptions } from './gaps.ts';
export { sync } from './sync.ts';
