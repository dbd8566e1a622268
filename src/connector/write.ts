/**
 * What a connector does that changes fields of records at its platform: for `revops writeback`, and for nothing else.
 */
/** Kinds of records that can be written to. */
export const RECORD_KINDS = ['contacts', 'deals'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Fields of one record by name, as text; null is an empty field. */
export interface RecordFields {
  id: string;
  values: Record<string, string | null>;
}

export interface FieldDescription {
  /** How its values are compared: `0.50` is the number `0.5`. */
  type: 'text' | 'number' | 'day' | 'instant';
  /** The platform computes it: nobody can write it. */
  isReadOnly: boolean;
}

/** `Context` is what its functions get of the connection. */
export interface RecordWriter<Context> {
  /** The kinds it can write to. */
  kinds: readonly RecordKind[];
  /** The fields of a kind by name, as they are at the platform now. */
  fields(context: Context, kind: RecordKind): Promise<ReadonlyMap<string, FieldDescription>>;
  /** What the fields hold now. Records that are gone are left out. */
  read(context: Context, kind: RecordKind, ids: readonly string[], fields: readonly string[]): Promise<RecordFields[]>;
  /**
   * Changes fields, those that are given only; batches are its own business. Yields what became of each record as soon as
   * it is known: `problem` null, written. Throws where nothing more can be written: no permission, quota exhausted.
   */
  update(
    context: Context,
    kind: RecordKind,
    records: readonly RecordFields[],
  ): AsyncIterable<{ id: string; problem: string | null }[]>;
}

/** A writer with its connection. */
export interface OpenWriter {
  readonly kinds: readonly RecordKind[];
  fields(kind: RecordKind): Promise<ReadonlyMap<string, FieldDescription>>;
  read(kind: RecordKind, ids: readonly string[], fields: readonly string[]): Promise<RecordFields[]>;
  update(kind: RecordKind, records: readonly RecordFields[]): AsyncIterable<{ id: string; problem: string | null }[]>;
}

/** Ties a writer to a connection. */
export function openWriter<Context>(writer: RecordWriter<Context>, context: Context): OpenWriter {
  return {
    kinds: writer.kinds,
    fields: (kind) => writer.fields(context, kind),
    read: (kind, ids, fields) => writer.read(context, kind, ids, fields),
    update: (kind, records) => writer.update(context, kind, records),
  };
}
