/**
 * Progress as a live list on a terminal: a line per stream with rows and rate.
 */
import {
  type DefaultRenderer,
  Listr,
  type ListrTask,
  type ListrTaskWrapper,
  ProcessOutput,
  type SimpleRenderer,
} from 'listr2';

import type { SyncEvent } from '../sync/contract.ts';
import { count, rate } from './format.ts';
import type { Progress, StreamName } from './progress.ts';
import { streamLine } from './sync-report.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

export function listProgress(streams: readonly StreamName[]): Progress {
  const lines = new Map<string, Line>();
  const tasks = streams.map((name): ListrTask => {
    const key = `${name.connector}.${name.stream}`;
    const line = newLine(key);
    lines.set(key, line);
    return { title: key, task: (_context, task) => line.attach(task) };
  });
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: {
      processOutput: new ProcessOutput(process.stderr, process.stderr),
      collapseErrors: true,
      showErrorMessage: false,
    },
  });
  const drawn = list.run();
  return {
    onEvent: (event) => lines.get(`${event.connector}.${event.stream}`)?.onEvent(event),
    close: async () => {
      for (const line of lines.values()) line.abandon();
      await drawn;
    },
  };
}

// --- internal ---

interface Line {
  attach(task: Wrapper): Promise<void>;
  onEvent(event: SyncEvent): void;
  abandon(): void;
}

function newLine(key: string): Line {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined);
  let task: Wrapper | undefined;
  let since = 0;
  let isDone = false;
  const title = (text: string): void => {
    if (task !== undefined) task.title = `${key}  ${text}`;
  };
  return {
    attach: (wrapper) => {
      task = wrapper;
      return promise;
    },
    onEvent: (event) => {
      if (event.type === 'stream_started') since = performance.now();
      if (event.type === 'rows_read') {
        title(`${count(event.rows)} rows  ${rate(event.rows, performance.now() - since)}`);
      }
      if (event.type !== 'stream_finished') return;
      isDone = true;
      title(streamLine(event.report));
      if (event.report.status === 'failed') reject(event.report.error ?? new Error('failed'));
      else resolve();
    },
    abandon: () => {
      if (isDone) return;
      task?.skip(`${key}  not started`);
      resolve();
    },
  };
}
