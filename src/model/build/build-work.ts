/**
 * What the steps of one build share.
 */
import type { BuildOptions } from './build-options.ts';
import type { Deltas } from './deltas.ts';
import type { PreparedBuild } from '../plan/plan.ts';
import type { CompiledProject } from '../relation.ts';
import type { Selects } from './selects.ts';
import type { Parts } from '../store/state.ts';
import type { TableStates } from './table-state.ts';

export interface BuildWork {
  options: BuildOptions;
  compiled: CompiledProject;
  prepared: PreparedBuild;
  selects: Selects;
  buildId: string;
  /** What became of the tables so far. */
  states: TableStates;
  deltas: Deltas;
  /** The parts of what is made, with the builds that really made its parents. */
  parts: Map<string, Parts>;
}
