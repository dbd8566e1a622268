/**
 * What the connector suite is given to work on.
 */
import type { Connector } from '../connector/contract.ts';
import type { OpenedWarehouse } from './opened-warehouse.ts';

/** A fault for requests for data: those for credentials are not counted. */
export interface TestFault {
  /** Answer with this status instead. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Close the connection without an answer. */
  reset?: boolean;
  /** Close the connection after so many bytes of the answer's body. */
  resetAfterBytes?: number;
  /** Wait this long before answering. */
  delayMs?: number;
  /** Answer as usual, with another body. */
  rewrite?: (body: string) => string;
  /** One of the platform's own, by whatever name the platform knows. */
  special?: string;
  /** Requests that go well before. */
  after: number;
  times: number;
}

/** A simulated platform, the same each time it is started, and a connector configured for it. */
export interface TestPlatform {
  connector: Connector;
  /** The same with credentials that the platform refuses. */
  refused: Connector;
  /** `connector.stream`: what the cases read, a few streams with few records. Three requests for data at least. */
  select: readonly string[];
  /** First day wanted, `YYYY-MM-DD`. */
  start: string;
  /** The platform's clock, which is the run's. */
  now(): Date;
  /** Credentials, good and refused ones: they must appear nowhere. */
  secrets: readonly string[];
  inject(fault: TestFault): void;
  clearFaults(): void;
  /** Requests for data so far. */
  requests(): number;
  /** Gives at most so many records with an answer; null: as many as usual. */
  setPageSize?(records: number | null): void;
  /** Goes back to when there were no records yet; `later` leads on from there. */
  beforeAnything?(): void;
  /** Gives so many times the records. Called before a sync. */
  grow?(times: number): void;
  /** By stream, how many records it gathers from several answers before it hands anything on. Default none. */
  gathers?: Readonly<Record<string, number>>;
  /** Lets time pass: records come, change, are restated and go. */
  later(): void;
  /** Two records become one: what `sql` gives before and after, as text, and the streams that tell of it. */
  merge?: {
    select: readonly string[];
    sql: string;
    before: readonly string[];
    happens(): void;
    after: readonly string[];
  };
  /** How it says "wait so long", "slow down" without a time, "this token has ended", "nothing more today". */
  says: Partial<Record<'wait' | 'slower' | 'expired' | 'quota', Omit<TestFault, 'after' | 'times'>>>;
  /**
   * Requests that it has to refuse, each with the status it answers: another version of the API, a field it does not know,
   * too large a page, a missing permission. Called after two syncs.
   */
  refuses?: Readonly<Record<string, () => Promise<number>>>;
  /** What the tables hold after the first sync, told by the platform's side: a query, and its rows as text. */
  truth?: { sql: string; rows: readonly string[] };
  /** The body of its refusals, with this text wherever it has one. Default: a flat object of the usual names. */
  refusal?(text: string): string;
  close(): Promise<void>;
}

export interface ConnectorUnderTest {
  name: string;
  start(): Promise<TestPlatform>;
  /** Cases that say nothing about this connector, each with the reason. */
  without?: Readonly<Record<string, string>>;
}

/** A fresh, empty warehouse. */
export type OpenWarehouse = () => Promise<Omit<OpenedWarehouse, 'another'>>;
