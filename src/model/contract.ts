/**
 * What a model is, once read: the header and one SELECT of a `.sql` file.
 */
import type { EngineName, LogicalType } from '../warehouse/types.ts';

export type Layer = 'staging' | 'feeds' | 'core' | 'marts' | 'reference';
export type Severity = 'error' | 'warning';

export interface DataTest {
  /** `not_null`, `unique`, `accepted_values`, `relationships`, `between`, `expression`, or a file in sql/checks. */
  kind: string;
  /** Column tests: the column. */
  column?: string;
  arguments: unknown;
  severity: Severity;
  where?: string;
}

export interface ModelColumn {
  name: string;
  type: LogicalType;
  description: string;
}

export interface Model {
  /** Unique: `cac`; staging models carry their connector: `hubspot_deals`. */
  name: string;
  layer: Layer;
  description: string;
  /** Where it comes from: `revops` (packaged) or the project. */
  origin: string;
  /** Path for messages. */
  file: string;
  /** The SELECT, without header. */
  sql: string;
  /** Line of the file on which `sql` begins, 1-based. */
  sqlLine: number;
  materialized: 'view' | 'table';
  /** The incremental key: columns here, and their names in parents where they differ. Empty: rebuilt whole. */
  key: Record<string, Record<string, string>>;
  grain: string[];
  columns: ModelColumn[];
  tests: DataTest[];
  tags: string[];
  /** Staging: the raw table read as `source`, and the columns read from it. */
  source?: { connector: string; table: string; columns: Record<string, LogicalType> };
  /** Staging: the feed whose union this model joins. */
  feeds?: string;
  /** Only on this engine; absent: portable. */
  engine?: EngineName;
}

/** Rows the engine writes at build from the config, the clock or the sync state: `settings`, `clock`, `source_coverage`, shipped lists. */
export interface InputRelation {
  name: string;
  description: string;
  columns: ModelColumn[];
  rows: Record<string, string | number | boolean | null>[];
}

/** A project's models as found on disk: packaged ones first, the project's own over them. */
export interface ModelProject {
  models: Model[];
  feeds: Feed[];
  inputs: InputRelation[];
  /** SQL scripts of the function library, packaged first, per engine. */
  functions: Record<EngineName, { file: string; sql: string }[]>;
  checks: { name: string; file: string; sql: string }[];
}

export interface Feed {
  name: string;
  description: string;
  grain: string[];
  columns: ModelColumn[];
  file: string;
}
