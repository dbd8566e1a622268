/**
 * What a model is, once read: the header and one SELECT of a `.sql` file.
 */
import type { EngineName, LogicalType } from '../warehouse/types.ts';

export type Layer = 'staging' | 'feeds' | 'core' | 'marts' | 'quality' | 'reference';
export type Severity = 'error' | 'warning';

/**
 * `ledger`: rows are put in by key and never changed. `components`: the SELECT gives edges, the relation is which nodes
 * are connected.
 */
export type Materialization = 'view' | 'table' | 'ledger' | 'components';

export interface LedgerSpec {
  /** The date or time by whose month its rows are digested. */
  period?: string;
  /** Columns that are noted when a row is frozen and say nothing about it: they are not compared afterwards. */
  stamps: string[];
}

export interface ComponentsSpec {
  /** The two columns of the SELECT that hold the nodes of an edge. */
  nodes: [string, string];
  /** Its column with the time of the edge; a node is as old as its first edge. */
  at?: string;
  /** A relation with the two columns: edges between these nodes, either way round, connect nothing. */
  denied?: string;
}

export interface DataTest {
  /** `not_null`, `unique`, `accepted_values`, `relationships`, `between`, `expression`, `row_count`, `sum`, or a file in sql/checks. */
  kind: string;
  /** Column tests: the column. */
  column?: string;
  arguments: unknown;
  severity: Severity;
  /** A condition on the model's rows; the others are not tested. */
  where?: string;
  /** Line of the file that declares it, 1-based. */
  line?: number;
}

export interface ModelColumn {
  name: string;
  type: LogicalType;
  description: string;
  /** Feeds: what the column holds in rows of files that come without it. */
  default?: string;
  /** Feeds: a staging model may leave it out; it is NULL then. */
  optional?: boolean;
  /** Feeds: all values that it may have, besides NULL. */
  values?: readonly string[];
  /** Line of the file that declares it, 1-based. */
  line?: number;
}

export interface Model {
  /** Unique: `cac`; staging models carry their connector: `crm_deals`. */
  name: string;
  layer: Layer;
  description: string;
  /** Where it comes from: `revops` (packaged), a package or the project. */
  origin: string;
  /** Where the one of this name comes from that it replaces. */
  replaces?: string;
  /** Path for messages. */
  file: string;
  /** The SELECT, without header. */
  sql: string;
  /** Line of the file on which `sql` begins, 1-based. */
  sqlLine: number;
  materialized: Materialization;
  /** Of a ledger. */
  ledger?: LedgerSpec;
  /** Of connected components: what the SELECT, which gives their edges, means. */
  components?: ComponentsSpec;
  /**
   * The incremental key: columns here, and their names in parents where they differ; null for a parent that has such a
   * column but does not carry the key. Empty: rebuilt whole.
   */
  key: Record<string, Record<string, string | null>>;
  /**
   * By lookup (a parent without the key): the ways to the rows that look at it. `columns` of the lookup, each with what
   * the parent calls the value; the parent carries the key, or is a lookup with ways of its own.
   */
  lookups?: Record<string, { parent: string; columns: Record<string, string> }[]>;
  /** `parent.column`s in whose passing time touches a row's key; the clock then touches nothing else. */
  wakesAt: { parent: string; column: string }[];
  grain: string[];
  columns: ModelColumn[];
  tests: DataTest[];
  tags: string[];
  /** Staging: the raw table read as `source`, and the columns read from it. */
  source?: {
    connector: string;
    table: string;
    columns: Record<string, LogicalType>;
    /** Replaced versions of its rows as well. */
    history?: boolean;
  };
  /** Staging: the feed whose union this model joins. */
  feeds?: string;
  /** Only on this engine; absent: portable. */
  engine?: EngineName;
  /** Quality: the check whose findings its rows are. */
  check?: CheckSpec;
}

/** A check on real data: a model of `models/quality`, whose rows are what it finds. */
export interface CheckSpec {
  /** What numbers for budgets need; an error of the check makes them untrusted. Absent: they do not need it. */
  gates?: 'volume' | 'alignment' | 'freshness' | 'coverage';
  /** What to do about a finding. */
  remedy: string;
}

/** One row of an input relation: values by column name; a missing one is NULL. */
export type InputRow = Record<string, string | number | boolean | null>;

/**
 * A relation no SELECT makes: `settings`, `clock`, `source_coverage`, shipped lists. Those the engine fills have no
 * rows here: whoever builds hands them in.
 */
export interface InputRelation {
  name: string;
  description: string;
  /** `revops` (packaged) or the project. */
  origin: string;
  filledBy: 'engine' | 'file';
  grain: string[];
  columns: ModelColumn[];
  rows: InputRow[];
  /** Path for messages. */
  file: string;
}

/** A script of the function library, or a check. */
export interface SqlFile {
  /** Path for messages. */
  file: string;
  sql: string;
  /** `revops` (packaged), a package or the project. */
  origin: string;
}

/** A project's models as found on disk: packaged ones first, the project's own over them. */
export interface ModelProject {
  models: Model[];
  feeds: Feed[];
  inputs: InputRelation[];
  /** SQL scripts of the function library, packaged first, per engine. */
  functions: Record<EngineName, SqlFile[]>;
  checks: (SqlFile & { name: string })[];
}

export interface Feed {
  /** `deals`; the relation is `deals_feed`. */
  name: string;
  description: string;
  origin: string;
  /** Where the one of this name comes from that it replaces. */
  replaces?: string;
  grain: string[];
  columns: ModelColumn[];
  tests: DataTest[];
  file: string;
}
