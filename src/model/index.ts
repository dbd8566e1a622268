/**
 * The model engine: files → compiled relations → plan → build → published views.
 */
export { build } from './build.ts';
export type { BuildEvent, BuildOptions, BuildReport } from './build-options.ts';
export type { TestFailure } from './audit.ts';
export { compileProject } from './compile.ts';
export type * from './contract.ts';
export { listModels, type ListedRelation } from './list.ts';
export { planBuild, type Plan, type PlannedRelation, type PlanOptions } from './plan.ts';
export { readModelProject, type ModelFolder } from './read.ts';
export { rehearse, type Rehearsal } from './rehearse.ts';
export type { CompiledProject, Relation } from './relation.ts';
export { modelSql } from './model-sql.ts';
export { searchPath } from './search-path.ts';
