/**
 * A record as the platform gave it, and a query for many.
 */

/** Nested JSON values of the REST API or texts of the Bulk API. */
export type RawRecord = Record<string, unknown>;

export interface Query {
  /** For messages: the object. */
  object: string;
  soql: string;
  /** Deleted and merged records, too. */
  withDeleted: boolean;
}
