/**
 * The only way out for text: results to standard output, all else to standard error, every known secret removed, and in lines
 * for people nothing that a terminal would obey. With --json every line of standard error is JSON, whoever writes it.
 */
import { harmless } from '../harmless.ts';
import { redact } from '../secret.ts';

/** Where text goes: a stream of the process, or what a test collects it in. */
export type Output = Pick<NodeJS.WritableStream, 'write'> & { columns?: number; isTTY?: boolean };

export interface Terminal {
  /** A line (or lines) of the result. */
  print(text: string): void;
  /** Lines of the result that are data, CSV: as they are, but on a terminal. */
  printData(text: string): void;
  /** A line about what is going on; nothing with --quiet. */
  say(text: string): void;
  /** A line on standard error, always. */
  warn(text: string): void;
  /** What a command ended with: `text` for people, `error` for programs. */
  fail(text: string, error: object): void;
  /** A line on standard error in a form that a program asks for: of a log, of a workflow. */
  log(line: string): void;
  /** The run that lines of standard error are about from here on. */
  ofRun(runId: string): void;
  /** The result as one JSON document. */
  printJson(value: unknown): void;
  /** The same, with one list more at its end that is read while it is printed. */
  printJsonList(value: object, name: string, items: AsyncIterable<readonly unknown[]>): Promise<void>;
  /** Whether people watch standard error. */
  isWatched: boolean;
  /** Columns of standard output; 80 where unknown. */
  width: number;
}

export interface TerminalOptions {
  quiet: boolean;
  stdout: Output;
  stderr: Output;
  /** Standard error is a log of JSON lines, of this command where there is one. */
  json?: { command?: string };
}

export function openTerminal({ quiet, stdout, stderr, json }: TerminalOptions): Terminal {
  let run: string | undefined;
  const write = (stream: Output, text: string, isForPeople = stream.isTTY === true): void => {
    const told = redact(text);
    stream.write(`${isForPeople ? harmless(told) : told}\n`);
  };
  const tell = (level: 'info' | 'warn' | 'error', text: string, more: object): void =>
    json === undefined
      ? write(stderr, text, true)
      : write(stderr, JSON.stringify({ level, time: new Date().toISOString(), ...json, run, ...more }));
  return {
    print: (text) => write(stdout, text, true),
    printData: (text) => write(stdout, text),
    say: (text) => {
      if (!quiet) tell('info', text, { msg: text.trim() });
    },
    warn: (text) => tell('warn', text, { msg: text.trim() }),
    fail: (text, error) => tell('error', text, { error }),
    log: (line) => write(stderr, line),
    ofRun: (runId) => {
      run = runId;
    },
    printJson: (value) => write(stdout, JSON.stringify(value, plain, 2)),
    async printJsonList(value, name, items) {
      for await (const text of jsonWithList(value, name, items)) write(stdout, text);
    },
    isWatched: stderr.isTTY === true && process.env['CI'] === undefined,
    width: stdout.columns ?? 80,
  };
}

/**
 * A reader that goes away (`| head`, a logger that dies) ends the program quietly; or, where it is at work, what it would
 * have told is lost, and it ends by itself: the outcome is in its exit code and the records of runs.
 */
export function outliveReaders(isAtWork: () => boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      if (!isAtWork()) process.exit(process.exitCode ?? 0);
    });
  }
}

// --- internal ---

/** Lines of a document that is never in memory as a whole. */
async function* jsonWithList(
  value: object,
  name: string,
  items: AsyncIterable<readonly unknown[]>,
): AsyncIterable<string> {
  const [head = '', tail = ''] = JSON.stringify({ ...value, [name]: [] }, plain, 2).split(/(?<=\[)(?=\]\n\}$)/);
  yield head;
  let last: string | undefined;
  for await (const chunk of items) {
    for (const item of chunk) {
      if (last !== undefined) yield `${last},`;
      last = JSON.stringify(item, plain, 2).replaceAll(/^/gm, '    ');
    }
  }
  if (last !== undefined) yield last;
  yield `  ${tail}`;
}

/** JSON has no 64-bit integers: those beyond 2^53 are text. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
