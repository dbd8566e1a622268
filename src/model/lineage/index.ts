/**
 * Column-level lineage: read from the models' SQL, nothing is declared.
 */
export { lineageOf, type EdgeKind, type Lineage, type LineageNode } from './lineage-graph.ts';
export { columnsNamed, filtersOf, trace, type Direction, type Traced } from './trace.ts';
