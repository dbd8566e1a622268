/**
 * A compiled project: every relation models can read, in the order in which they are built.
 */
import type { Analysis } from './compile/analyse.ts';
import type { FunctionCall } from './build/bind.ts';
import type {
  ComponentsSpec,
  DataTest,
  Feed,
  InputRelation,
  Layer,
  Model,
  ModelColumn,
  ModelProject,
} from './contract.ts';
import type { Library } from './compile/functions.ts';
import type { EngineName } from '../warehouse/types.ts';

interface RelationCommon {
  /** Unique over all relations: the bare name in SQL. */
  name: string;
  /** The schema in which people find it. */
  schema: Layer;
  description: string;
  origin: string;
  file: string;
  grain: string[];
  columns: ModelColumn[];
  /** Relations it reads, sorted. `source` is none of them. */
  parents: string[];
  tests: CompiledTest[];
}

export type Relation =
  | (RelationCommon & { kind: 'input'; input: InputRelation })
  | (RelationCommon & { kind: 'feed'; feed: Feed })
  | (RelationCommon & { kind: 'model'; model: Model; parsed: ParsedModel })
  /** Which nodes the edges of its first parent connect. */
  | (RelationCommon & { kind: 'components'; spec: ComponentsSpec; edges: string })
  /** What the engine writes down while it makes its parent; only ever appended to. */
  | (RelationCommon & { kind: 'log' });

export type ModelRelation = Extract<Relation, { kind: 'model' }>;
export type ComponentsRelation = Extract<Relation, { kind: 'components' }>;

export interface ParsedModel {
  /** The AST as text, without positions. */
  canonical: string;
  analysis: Analysis;
  /** Calls of library functions. */
  calls: FunctionCall[];
  /** Each of its rows comes from one row of `source` alone. */
  isRowWise: boolean;
}

export interface CompiledTest {
  test: DataTest;
  /** For people: `not_null credit`. */
  label: string;
  /** A SELECT of the failing rows from `model`, `arguments` and other relations. */
  sql: string;
  /** Calls of library functions. */
  calls: FunctionCall[];
  /** Those in its condition on the rows. */
  whereCalls: FunctionCall[];
  /** Other relations it reads, sorted. */
  reads: string[];
}

export interface CompiledProject {
  project: ModelProject;
  engine: EngineName;
  /** Parents first. */
  relations: Relation[];
  byName: ReadonlyMap<string, Relation>;
  /** The engine's function library. */
  library: Library;
}

/** Whether a relation is a view over what it reads, and no table of its own. */
export function isView(relation: Relation): boolean {
  return relation.kind === 'feed' || (relation.kind === 'model' && relation.model.materialized === 'view');
}

/** Whether its table is one for good: rows are put in, and none is changed or taken out, whatever is built anew. */
export function isKept(relation: Relation): boolean {
  return relation.kind === 'log' || (relation.kind === 'model' && relation.model.materialized === 'ledger');
}
