/**
 * Column-level lineage: read from the models' SQL, nothing is declared.
 */
export { rawRowsOf, type FeedRow, type RawRow } from './raw-rows.ts';
export { lineageOf, type EdgeKind, type Lineage, type LineageNode } from './lineage-graph.ts';
export { columnsNamed, filtersOf, trace, type Direction, type Traced } from './trace.ts';
