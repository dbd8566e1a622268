/**
 * `sync`: brings every selected stream up to date. Connectors run beside each other, streams of one connector a few at
 * a time, loads one by one; the warehouse is never held while waiting for a network.
 */
import { mkdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import PQueue from 'p-queue';

import type { Connection, Connector, Stream } from '../connector/contract.ts';
import { isRevopsError, messageOf, RevopsError } from '../errors.ts';
import type { StreamReport, SyncOptions, SyncReport } from './contract.ts';
import { keptValues } from './kept.ts';
import { recoverSpools } from './recover.ts';
import { NO_ROWS, overallStatus, type Run, type StreamRun } from './run.ts';
import { selectStreams } from './select.ts';
import { shapeOf } from './shape.ts';
import { spoolError } from './spool-folder.ts';
import { resetStream, warehouseId } from './state.ts';
import { Stopped } from './stop.ts';
import { syncStream } from './sync-stream.ts';
import { warehouseTables } from './warehouse-tables.ts';
import { turns } from './turns.ts';

/**
 * Syncs the selected streams and reports on each; a stream that fails does not stop the others. The caller holds the
 * warehouse's lease. Throws where nothing can be done at all: USAGE for an unknown selection, SPOOL_FAILED, WAREHOUSE_*.
 */
export async function sync(options: SyncOptions): Promise<SyncReport> {
  const selected = selectStreams(options.connectors, options.select);
  const id = await warehouseId(options.warehouse);
  const loads = new PQueue({ concurrency: 1 });
  const run: Run = {
    options,
    warehouseId: id,
    folder: path.join(options.spoolFolder, id),
    load: (work) => loads.add(work),
  };
  await mkdir(run.folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw spoolError(options.spoolFolder, error);
  });
  const reports = await options.warehouse.sparing(() => bringUpToDate(run, selected));
  // Only an empty folder goes.
  await rmdir(run.folder).catch(() => undefined);
  const streams = reports.flat();
  return { runId: options.runId, status: overallStatus(streams), streams };
}

// --- internal ---

async function bringUpToDate(run: Run, selected: ReturnType<typeof selectStreams>): Promise<StreamReport[][]> {
  const { options } = run;
  await recoverSpools(run);
  if (options.full === true) {
    for (const { connector, streams } of selected) {
      for (const stream of streams) await resetStream(options.warehouse, connector.name, stream.name);
    }
  }
  return Promise.all(selected.map(({ connector, streams }) => syncConnector(run, connector, streams)));
}

async function syncConnector(
  run: Run,
  connector: Connector,
  streams: readonly Stream<never>[],
): Promise<StreamReport[]> {
  const { options } = run;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const label = { connector: connector.name, stream: '' };
  let connection: Connection;
  try {
    connection = await connector.open({
      now: () => options.now(),
      signal,
      tables: warehouseTables(options.warehouse),
      ...(options.answerWithinMs === undefined ? {} : { answerWithinMs: options.answerWithinMs }),
      note: (message) => options.onEvent({ type: 'note', ...label, message }),
    });
  } catch (thrown) {
    const error = asError(thrown, connector.name);
    return streams.map((stream) => report(run, connector.name, stream.name, 0, { status: 'failed', error }));
  }
  try {
    const queue = new PQueue({ concurrency: options.concurrency ?? 2, autoStart: false });
    const priority = await turns(run, connector.name);
    const work = streams.map((stream) =>
      queue.add(() => syncOne(run, connection, stream, signal, stop), { priority: priority(stream.name) }),
    );
    queue.start();
    return await Promise.all(work);
  } finally {
    await connection.close().catch((error: unknown) => {
      options.onEvent({ type: 'note', ...label, message: `closing failed: ${messageOf(error)}` });
    });
  }
}

async function syncOne(
  run: Run,
  connection: Connection,
  stream: Stream<never>,
  signal: AbortSignal,
  stop: AbortController,
): Promise<StreamReport> {
  const { options } = run;
  const { connector } = connection;
  const began = performance.now();
  let source: StreamRun | undefined;
  const outcome: Pick<StreamReport, 'status' | 'error'> = { status: 'ok' };
  try {
    const shape = shapeOf(connector, stream);
    source = {
      run,
      connection,
      stream: stream as Stream<unknown>,
      shape,
      signal,
      context: {
        ...connection.context,
        now: options.now(),
        signal,
        note: (message) => options.onEvent({ type: 'note', connector, stream: stream.name, message }),
        kept: keptValues(run, connector, stream.name),
        warehouse: run.warehouseId,
      },
      rows: { ...NO_ROWS },
      rowsRead: 0,
      loads: 0,
      unknownFields: new Set(),
    };
    await syncStream(source);
  } catch (thrown) {
    outcome.status = thrown instanceof Stopped ? 'stopped' : 'failed';
    outcome.error = thrown instanceof Stopped ? thrown.reason : asError(thrown, `${connector}.${stream.name}`);
    // A quota is the connection's: its other streams would only run into it too.
    if (isRevopsError(outcome.error, 'QUOTA_EXHAUSTED')) stop.abort(outcome.error);
  }
  return report(run, connector, stream.name, performance.now() - began, outcome, source);
}

function report(
  run: Run,
  connector: string,
  stream: string,
  milliseconds: number,
  outcome: Pick<StreamReport, 'status' | 'error'>,
  source?: StreamRun,
): StreamReport {
  const finished: StreamReport = {
    connector,
    stream,
    loads: source?.loads ?? 0,
    rows: source?.rows ?? { ...NO_ROWS },
    milliseconds: Math.round(milliseconds),
    ...outcome,
  };
  run.options.onEvent({ type: 'stream_finished', connector, stream, report: finished });
  return finished;
}

function asError(error: unknown, label: string): RevopsError {
  return isRevopsError(error) ? error : new RevopsError('INTERNAL', `${label}: ${messageOf(error)}`, { cause: error });
}
