/**
 * The types of records that are read.
 */

/** What sales did, one object type each. */
export type ActivityKind = 'calls' | 'emails' | 'meetings' | 'notes' | 'tasks';

export type ObjectType = 'contacts' | 'companies' | 'deals' | 'tickets' | ActivityKind;
