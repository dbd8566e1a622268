/**
 * The model engine: files → compiled relations → plan → build → published views.
 */
export { build } from './build.ts';
export type { BuildEvent, BuildReport } from './build-options.ts';
export { compileProject } from './compile.ts';
export type { CompiledProject, Relation } from './relation.ts';
export { listModels } from './list.ts';
export { planBuild, type Plan } from './plan.ts';
export { readModelProject } from './read.ts';
export { searchPath } from './search-path.ts';
