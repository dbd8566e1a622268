/**
 * The model engine: files → compiled relations → plan → build → published views.
 */
export { build, dropOrphans } from './build.ts';
export type { BuildEvent, BuildOptions, BuildReport } from './build-options.ts';
export { compileProject } from './compile.ts';
export { compileFolders } from './compile-cache.ts';
export type { CompiledProject, Relation } from './relation.ts';
export { feedArm } from './feed-arm.ts';
export { diffModel, type DiffBuild, type ModelDiff } from './diff.ts';
export type { Cause } from './causes.ts';
export { listModels } from './list.ts';
export { explainRelation, type Explanation } from './explain.ts';
export { planFrom, selectForBuild, type Plan } from './plan.ts';
export { readModelProject } from './read.ts';
export { readFeeds } from './read-feed.ts';
export { isSelective, selectRelations, usesState, type Selection } from './selection.ts';
export { rollback, type RollbackReport } from './rollback.ts';
export { readWarehouseState, type WarehouseState } from './warehouse-state.ts';
export { searchPath } from './search-path.ts';
