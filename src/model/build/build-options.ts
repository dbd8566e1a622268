/**
 * What a build is asked, what it tells while it runs, and what it gives.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import type { TestFailure } from './test-failure.ts';
import type { InputRow, ModelProject } from '../contract.ts';
import type { PlannedRelation } from '../plan/plan.ts';
import type { CompiledProject } from '../relation.ts';
import type { Selection } from '../plan/selection.ts';

export interface BuildOptions extends Selection {
  warehouse: Warehouse;
  project: ModelProject;
  /** The project compiled for the warehouse's engine, where that is already done. */
  compiled?: CompiledProject;
  /** Rows of the relations the engine fills (`settings`, `clock`, `source_coverage`, …), by name. */
  inputs: Record<string, readonly InputRow[]>;
  /** For the records only: models read the time from `clock`. */
  now(): Date;
  runId: string;
  /** Run everything selected, whatever changed. Default false. */
  fullRefresh?: boolean;
  /** Share of a table's rows that may be touched before it is built whole. Default 0.3. */
  rebuildShare?: number;
  signal?: AbortSignal;
  onEvent?(event: BuildEvent): void;
  /** Called between statements, with where the build stands; a test stops the process there. */
  onStep?(step: string): void | Promise<void>;
}

export type BuildEvent =
  | { type: 'build_started'; buildId: string; relations: PlannedRelation[] }
  | { type: 'model_started'; name: string; schema: string; reasons: string[] }
  | {
      type: 'model_finished';
      name: string;
      schema: string;
      rows: number | null;
      milliseconds: number;
      mode: RunMode | null;
      /** Rows put into its table. */
      written: number | null;
    }
  | { type: 'test_failed'; failure: TestFailure }
  | { type: 'removed'; name: string; schema: string }
  | { type: 'recreated'; name: string; schema: string }
  | { type: 'note'; message: string }
  | { type: 'published'; buildId: string; relations: number };

/** `unchanged`: what it reads came out as it was, or gives the same rows. */
export type RunMode = 'full' | 'incremental' | 'unchanged';

export interface ModelRun {
  /** Rows it has now; null for views, and where nothing was done. */
  rows: number | null;
  milliseconds: number;
  /** What was done at last; null for views and tests. */
  ran: RunMode | null;
  /** Rows put into and taken out of its table. */
  written: number | null;
  removed: number | null;
  /** Rows computed of the touched keys, where it was brought up to date in part. */
  read?: number;
  /** Why a model that was planned as incremental was built whole. */
  because?: string;
}

export interface BuildReport {
  buildId: string;
  /** `unchanged`: nothing ran, what is published is up to date. */
  status: 'published' | 'unchanged';
  relations: (PlannedRelation & ModelRun)[];
  /** Tests of severity warning that found rows. */
  warnings: TestFailure[];
  removed: { schema: string; name: string }[];
}
