/**
 * The model engine: files → compiled relations → plan → build → published views.
 */
export { build, dropOrphans } from './build/build.ts';
export type { BuildEvent, BuildOptions, BuildReport } from './build/build-options.ts';
export { compileProject } from './compile/compile.ts';
export { compileFolders } from './compile/compile-cache.ts';
export { ancestorsOf } from './compile/graph.ts';
export type { CompiledProject, Relation } from './relation.ts';
export { feedArm } from './read/feed-arm.ts';
export type { DiffBuild } from './changes/build-of-change.ts';
export { diffModel, type ModelDiff } from './changes/diff.ts';
export type { KeyChange } from './changes/paired-rows.ts';
export type { RowCause } from './changes/row-causes.ts';
export type { Cause } from './changes/causes.ts';
export { listModels } from './compile/list.ts';
export { changedLists } from './plan/changed-lists.ts';
export { explainRelation, type Explanation } from './plan/explain.ts';
export { type Answers, type ShownCheck } from './store/state.ts';
export { planFrom, selectForBuild, type Plan } from './plan/plan.ts';
export { readModelProject } from './read/read.ts';
export { readFeeds } from './read/read-feed.ts';
export { isSelective, selectRelations, usesState, type Selection } from './plan/selection.ts';
export { ledgerAt } from './ledger/ledger-at.ts';
export { frozenDigests, ledgersOf, verifyLedger, type LedgerBreach } from './ledger/ledger-digest.ts';
export { modelSql } from './build/model-sql.ts';
export { rollback, type RollbackReport } from './changes/rollback.ts';
export { readWarehouseState, type WarehouseState } from './plan/warehouse-state.ts';
export { searchPath } from './store/search-path.ts';
