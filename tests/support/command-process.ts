/**
 * Processes that run command lines one after the other: as many as there are at the same time.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Order {
  words: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Record<string, string>;
  stdin: string;
}

/** Hosts of other machines that it wanted to talk to: no test lets it. */
export interface Called {
  called: readonly string[];
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `revops <words>` from source to its end, in a process that ran others before it. Throws where it wanted to talk to
 * another machine.
 */
export async function runInProcess(order: Order): Promise<Outcome> {
  const one = takeIdle() ?? { child: start(order), left: AT_MOST };
  const { child } = one;
  hold(child);
  child.send(order);
  const ended = new AbortController();
  try {
    const { called, ...outcome } = await Promise.race([
      once(child, 'message', ended).then(([message]) => message as Outcome & Called),
      once(child, 'exit', ended).then(([code]) => {
        throw new Error(`the process of \`revops ${order.words.join(' ')}\` ended with ${String(code)}`);
      }),
    ]);
    one.left -= 1;
    if (one.left > 0) idle.push(one);
    else child.disconnect();
    if (called.length > 0) throw new Error(`\`revops ${order.words.join(' ')}\` called ${called.join(', ')}`);
    return outcome;
  } finally {
    ended.abort();
    release(child);
  }
}

// --- internal ---

/** So many command lines to a process: the little that each leaves in memory does not add up. */
const AT_MOST = 100;

const idle: { child: ChildProcess; left: number }[] = [];

/** One that has not ended meanwhile. */
function takeIdle(): (typeof idle)[number] | undefined {
  const one = idle.pop();
  return one === undefined || one.child.connected ? one : takeIdle();
}

function start({ env }: Order): ChildProcess {
  return fork(join(import.meta.dirname, 'command-process-main.ts'), {
    execArgv: ['--conditions=source'],
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Who waits for nothing else may end: the process ends with it. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
