/**
 * Pages into a spool: every record becomes a row or a rejection, in the order of reading.
 */
import type { Page, Partition, SourceRecord } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import { csvText } from './csv.ts';
import type { Manifest } from './manifest.ts';
import { compileNormaliser, compileRejecter, ownerNormaliser, type CanonicalRow, type Rejection } from './normalise.ts';
import type { StreamRun } from './run.ts';
import { streamLabel } from './shape.ts';
import { openSpool } from './spool.ts';
import { newLoadId } from './load-id.ts';

/** A spool being filled with one slice. */
export interface Reading {
  /** Takes a page and waits until the disk keeps up. */
  add(page: Page): Promise<void>;
  /** Rows and characters taken so far. */
  size(): { rows: number; bytes: number };
  /** Makes the spool durable. The slice given is what was read: not more than what was asked for. */
  finish(
    end: Pick<Manifest, 'slice' | 'revision' | 'next' | 'isSnapshot' | 'controlTotals' | 'controlledTo'>,
  ): Promise<Manifest>;
  discard(): Promise<void>;
}

/** Begins a spool for a slice of a partition. `readAt`: when the source was asked for it; ISO 8601. */
export function beginReading(
  source: StreamRun,
  partition: Partition,
  slice: Manifest['slice'],
  readAt = source.run.options.now().toISOString(),
): Reading {
  const { run, shape, stream } = source;
  const { options } = run;
  const schema = stream.schema;
  const spool = openSpool(run.folder, newLoadId(options.now()));
  const days = slice.kind === 'window' ? slice : undefined;
  const normalise = compileNormaliser({ shape, schema, partition: partition.key, days });
  const rejecter = compileRejecter({ shape, schema, partition: partition.key, days });
  const owner = ownerNormaliser(shape, schema);
  let sequence = 0;
  let read = 0;

  function reject(record: SourceRecord, { reason, payload, key }: Rejection): void {
    const { origin } = shape;
    const told = origin === null ? reason : `${placeOf(record, origin)}: ${reason}`;
    spool.add('rejected', `${read},${csvText(told)},${csvText(payload)},${key}`);
  }

  function addRecord(record: SourceRecord, isGone: boolean): void {
    const row: CanonicalRow | Rejection = normalise(record);
    read += 1;
    if ('reason' in row) return reject(record, row);
    spool.add('rows', `${row.line},"${row.hash}",${isGone},${sequence}`);
    sequence += 1;
    if (row.unknown !== null) for (const name of row.unknown) source.unknownFields.add(name);
  }

  return {
    async add(page) {
      if (page.deleted !== undefined && (shape.mode === 'window' || shape.mode === 'append')) {
        throw new RevopsError(
          'STREAM_CONTRACT',
          `${streamLabel(shape)}: a stream of mode ${shape.mode} gave deleted records`,
        );
      }
      for (const key of page.replaces ?? []) spool.add('owners', `${owner(key)},${sequence}`);
      for (const record of page.records) addRecord(record, false);
      for (const record of page.deleted ?? []) addRecord(record, true);
      for (const { reason, record } of page.unreadable ?? []) {
        read += 1;
        reject(record, rejecter(reason, record));
      }
      await spool.flush();
      source.rowsRead += page.records.length + (page.deleted?.length ?? 0) + (page.unreadable?.length ?? 0);
      options.onEvent({ type: 'rows_read', connector: shape.connector, stream: shape.stream, rows: source.rowsRead });
      await options.onStep?.('page_spooled', streamLabel(shape));
    },
    size: () => ({ rows: spool.rows.rows + spool.rows.rejected + spool.rows.owners, bytes: spool.size }),
    async finish(end) {
      const manifest = await spool.finish({
        version: 2,
        runId: options.runId,
        warehouse: run.warehouseId,
        connector: shape.connector,
        stream: shape.stream,
        digest: shape.digest,
        partition,
        readAt,
        finishedAt: options.now().toISOString(),
        read,
        rejected: spool.rows.rejected,
        unknownFields: [...source.unknownFields].toSorted(),
        ...end,
      });
      await options.onStep?.('spool_finished', streamLabel(shape));
      return manifest;
    },
    discard: () => spool.discard(),
  };
}

// --- internal ---

function placeOf(record: SourceRecord, { place, line }: { place: string; line: string }): string {
  const told = (column: string): string => JSON.stringify(record[column] ?? null).replaceAll('"', '');
  return `${told(place)}, line ${told(line)}`;
}
