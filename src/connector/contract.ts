/**
 * What a connector is: a value made by `defineConnector`. It says what there is to read and how; the engine decides
 * when, how much at once, and owns retries of slices, checkpoints, types and loading.
 */
import type { z } from 'zod';

import type { Secret } from '../secret.ts';
import type { LogicalType } from '../warehouse/types.ts';
import type { ColumnSchema } from './columns.ts';
import type { OpenDestination, Destination } from './destination.ts';
import type { Fault } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { Tables } from './tables/contract.ts';
import type { OpenWriter, RecordKind, RecordWriter } from './write.ts';

/** One record as the platform sent it (after renaming): validated and normalised by the engine against the schema. */
export type SourceRecord = Record<string, unknown>;

/** Where a stream of changes stands: any JSON value the stream understands. */
export type Cursor = string | number | { [key: string]: Cursor | null } | Cursor[];

/**
 * A part of a stream with a state of its own: an ad account. `key` holds values of the stream's partition columns.
 * A stream that does not list partitions has the one partition with the empty key.
 */
export interface Partition {
  key: Record<string, string>;
  /** For people: the account's name or id. */
  label: string;
  /** `window` streams: IANA zone in which the platform's days begin. */
  timeZone?: string;
  /** `window` streams: days back that the platform still changes, for this partition. Overrides the stream's. */
  restates?: number;
  /** `window` streams: the first day (inclusive) the platform still answers for. */
  earliest?: string;
  /** `window` streams: the last day (inclusive) the platform has anything of. Days after it are missing, not empty. */
  latest?: string;
}

/** Changes since a cursor (`upsert`, `append`). `since` null means from the beginning: read everything. */
export interface ChangesSlice {
  kind: 'changes';
  partition: Partition;
  since: Cursor | null;
  /** The first day of interest, `YYYY-MM-DD`, from the project's `start`. */
  start: string;
}

/** Whole days (`window`), both ends included, days of the partition's time zone. */
export interface WindowSlice {
  kind: 'window';
  partition: Partition;
  from: string;
  to: string;
}

export interface Page {
  records: SourceRecord[];
  /** `upsert`, `append`: safe to store once this page and all before it have landed. Absent: not a checkpoint. */
  cursor?: Cursor;
  /**
   * `window`: with this page every day of the slice up to and including this one has been given, and none after it. Lets
   * the engine land a large slice in parts.
   */
  through?: string;
  /** What the source holds and cannot make a record of: rejected with the reason. `record`: what is known of it. */
  unreadable?: readonly { reason: string; record: SourceRecord }[];
  /** Records the platform says are deleted or archived: at least their primary key. They become tombstones. */
  deleted?: SourceRecord[];
  /**
   * `window` streams without days (the links of one deal): the partitions this page gives completely; rows of these
   * partitions that are not in the page are gone. Values of the stream's `partitionBy` columns.
   */
  replaces?: Record<string, string>[];
}

/**
 * Short texts of one stream that outlive the run: ids of jobs that a platform is working on, so that an interrupted run
 * does not ask for them again. Never rows, never secrets. They are not part of a checkpoint: a value is there as soon as
 * `set` has resolved, whatever becomes of the slice, so the stream itself sees to it that none is used after its time.
 */
export interface KeptValues {
  get(key: string): Promise<string | null>;
  /** Null removes. */
  set(key: string, value: string | null): Promise<void>;
}

export interface ReadContext<Client> {
  client: Client;
  /** The run's clock. */
  now: Date;
  /** Aborted when the run is stopped. */
  signal: AbortSignal;
  /** A line for people about this stream; secrets are removed. */
  note(message: string): void;
  /** Identity of the warehouse that is loaded: the same for all of its life, wherever it is. Empty outside of a sync. */
  warehouse: string;
  /** Outside of a sync (`check`) they last as long as the connection. */
  kept: KeptValues;
}

interface StreamCommon<Client> {
  /** Table name in `raw_<connector>`: snake_case, plural. */
  name: string;
  description: string;
  /** Columns and types. Every column but the primary key may be absent or null. Unknown fields go to `_extra`. */
  schema: Record<string, ColumnSchema>;
  primaryKey: readonly string[];
  /** The parts with a state of their own. Default: one partition with an empty key. */
  partitions?(context: ReadContext<Client>): Promise<Partition[]>;
  /** Read everything again after this many days, because changes are not always announced. Default never. */
  fullEvery?: number;
  /**
   * Columns that make up what a row reports (what was spent, not what the campaign is called). The raw table then has
   * `_as_of`: when these values were loaded first. Default: nothing is dated.
   */
  reported?: readonly string[];
  /** The feed whose columns these are: it then needs no staging model. */
  feed?: string;
  /** How far the data reaches, by the cursor, where that is not when it was read. */
  reach?(cursor: Cursor): Reach;
  /**
   * Called once everything up to a cursor is in the warehouse, at the beginning of a sync and after each load: the source
   * need not keep it any longer. A failure fails the stream; what is loaded stays.
   */
  release?(context: ReadContext<Client>, cursor: Cursor): Promise<void>;
  /**
   * Hours that the data may be behind before it is stale; null: it comes when somebody brings it, and being late is worth
   * a warning only. The project's config goes before it. Default: what the project allows every source.
   */
  slaHours?: number | null;
}

/** How far data reaches: whole days, both ends included, or all changes up to an instant (ISO 8601). */
export type Reach = { from: string; to: string } | { until: string } | { untilEndOf: string };

/** Objects with a modification cursor. Later pages win over earlier ones. */
export interface UpsertStream<Client> extends StreamCommon<Client> {
  mode: 'upsert';
  /** A full read (`since` null) gives every live record, so what it does not give is deleted. Default false. */
  snapshot?: boolean;
  /**
   * Columns that tell where a row stands at the source (file and line). They are no content: a row that only moved is
   * unchanged. Rejections begin with them. A key that comes twice in one place with different content is refused, and
   * `hint` says what to do.
   */
  origin?: { place: string; line: string; hint: string };
  /** Snapshots: whether the source changed in such a way that everything has to be read again. Default never. */
  isOutdated?(context: ReadContext<Client>, since: Cursor): Promise<boolean>;
  read(context: ReadContext<Client>, slice: ChangesSlice): AsyncIterable<Page>;
}

/** History with a natural key: rows are added, never changed. */
export interface AppendStream<Client> extends StreamCommon<Client> {
  mode: 'append';
  /** Senders repeat a row until it is acknowledged, not always letter by letter: then that is no drift. Default false. */
  repeats?: boolean;
  read(context: ReadContext<Client>, slice: ChangesSlice): AsyncIterable<Page>;
}

/** Facts per partition and day, restated by the platform: whole days are replaced. */
export interface DayWindowStream<Client> extends StreamCommon<Client> {
  mode: 'window';
  /** The column that holds the day. */
  day: string;
  /** Days back that the platform still changes. */
  restates: number;
  /** Days per request at most. */
  sliceDays: number;
  /** Refuse to shrink a loaded day to nothing, or a slice by more than this share of its rows. Default 0.5. */
  shrinkLimit?: number;
  /**
   * Totals the platform itself gives for the slice, compared with what landed. Column sums, as decimal text. Of a slice
   * with the running day the days up to the one before yesterday are asked for.
   */
  controlTotals?(context: ReadContext<Client>, slice: WindowSlice): Promise<Record<string, string>>;
  /**
   * How far a column's sum may be from its control total, as decimal text: for money that the platform itself rounds
   * per row. Default none.
   */
  controlTolerance?: Readonly<Record<string, string>>;
  read(context: ReadContext<Client>, slice: WindowSlice): AsyncIterable<Page>;
}

/** Sets that belong to an owner (the contacts of a deal): a page replaces the sets it names in `replaces`. */
export interface SetStream<Client> extends StreamCommon<Client> {
  mode: 'set';
  /** The columns that name the owner of a set. */
  partitionBy: readonly string[];
  read(context: ReadContext<Client>, slice: ChangesSlice): AsyncIterable<Page>;
}

export type Stream<Client = unknown> =
  | UpsertStream<Client>
  | AppendStream<Client>
  | DayWindowStream<Client>
  | SetStream<Client>;

/** One line of `revops doctor`. */
export interface Diagnosis {
  subject: string;
  status: 'ok' | 'warning' | 'error';
  message: string;
  /** Of an account: what it counts in (ISO 4217), and the IANA zone of its days. Held against the project's. */
  account?: { currency?: string; timeZone?: string };
}

/** What the engine hands to `connect`. */
export interface ConnectContext {
  gateway: Gateway;
  now(): Date;
  signal: AbortSignal;
  note(message: string): void;
  /** In a sync: the tables of its warehouse, which others fill. */
  tables?: Tables;
}

/** What a connector that listens gets. */
export interface ListenContext {
  now(): Date;
  /** Aborted to stop: nothing more is accepted, what was accepted is made durable. */
  signal: AbortSignal;
  log: Log;
  /** Where to listen, instead of what the options say. */
  host?: string;
  port?: number;
  /** Called once it accepts, with its address. */
  onReady?(address: { host: string; port: number }): void;
}

/** A structured log. Fields are numbers and names of ours: never what was received. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a connector can know of the project that it is configured in. */
export interface ProjectFacts {
  /** Absolute path of the folder with the config. */
  folder: string;
  feeds: readonly FeedContract[];
}

/** The columns that every source of one kind gives. */
export interface FeedContract {
  name: string;
  description: string;
  /** The columns that make a row unique. */
  grain: readonly string[];
  /** `default`: the value of rows that come without one. `values`: all that there may be, besides NULL. */
  columns: readonly { name: string; type: LogicalType; default?: string; values?: readonly string[] }[];
}

export interface ConnectorDefinition<Options extends z.ZodType, Client> {
  /** Folder name under connectors/, kebab-case; the raw schema is `raw_` + the name with `_` for `-`. */
  name: string;
  title: string;
  options: Options;
  /** Requests the platform allows; one gateway per connection keeps to it. */
  limits(options: z.output<Options>): { requests: number; perMilliseconds: number; concurrency: number };
  /**
   * Makes the client. Imports the SDK here, never at the top of the file. Makes no request. `project` is null outside of
   * one, and where the streams do not depend on it.
   */
  connect(options: z.output<Options>, context: ConnectContext, project: ProjectFacts | null): Promise<Client>;
  /** Called when the run ends. */
  disconnect?(client: Client): Promise<void>;
  /** Says what kind of fault an error of the SDK is. */
  classify(error: unknown): Fault;
  /** What there is to read. A function, where that depends on the options and on the project. */
  streams:
    | readonly Stream<Client>[]
    | ((options: z.output<Options>, project: ProjectFacts) => readonly Stream<Client>[]);
  /** Credentials, permissions, versions, accounts: for `revops doctor`. */
  check(context: ReadContext<Client>): Promise<Diagnosis[]>;
  /**
   * Sources that wait for what others send: accepts it until the signal is aborted, and keeps it until `read` has given it
   * (`revops collect`). Runs beside syncs, in a process of its own.
   */
  listen?(options: z.output<Options>, context: ListenContext, project: ProjectFacts): Promise<void>;
  /** Systems into whose records fields can be written (`revops writeback`), and only when somebody asks for it. */
  write?: RecordWriter<ReadContext<Client>>;
  /** Ad platforms that take conversions and lists of people: the files that are handed to them (`revops activate`). */
  activate?: Destination<z.output<Options>>;
}

/** A configured connector, as the project's config holds it. */
export interface Connector {
  readonly name: string;
  readonly title: string;
  readonly streams: readonly Stream<never>[];
  /** The secrets among its options, each with its path in the config: checked before a run starts. */
  readonly secrets: readonly { path: string; secret: Secret }[];
  /** Where the streams depend on the project: the connector in it. Until then it has none. CONFIG_INVALID. */
  inProject?(project: ProjectFacts): Connector;
  /** Opens a connection. `answerWithinMs`: a request without an answer for so long is tried again; default 5 minutes. */
  open(context: Omit<ConnectContext, 'gateway'> & { answerWithinMs?: number }): Promise<Connection>;
  /** Accepts what is sent until it is stopped; absent where the connector only reads. */
  listen?(context: ListenContext): Promise<void>;
  /** Kinds of records that it can write to; absent where it only reads. */
  readonly writes?: readonly RecordKind[];
  /** Absent where nothing can be handed to it. */
  readonly destination?: OpenDestination;
}

export interface Connection {
  readonly connector: string;
  readonly gateway: Gateway;
  readonly streams: readonly Stream[];
  /** The context for a stream's functions. */
  context: ReadContext<unknown>;
  classify(error: unknown): Fault;
  check(): Promise<Diagnosis[]>;
  /** Absent where it only reads. */
  readonly write?: OpenWriter;
  close(): Promise<void>;
}
