import { readdirSync, readFileSync } from 'node:fs';

/** What a Postgres server's processes took: the largest sum of memory of their own seen, and processor time. */
export interface ServerUse {
  megabytes: number;
  cpuSeconds: number;
}

/** Watches a server by its first process, from now until `stop`. On Linux; elsewhere 0. */
export function watchServer(postmaster: number): { stop(): ServerUse } {
  const began = processorSeconds(postmaster);
  let megabytes = 0;
  const look = (): void => void (megabytes = Math.max(megabytes, privateMegabytes(postmaster)));
  const timer = setInterval(look, 200);
  return {
    stop() {
      clearInterval(timer);
      return { megabytes, cpuSeconds: processorSeconds(postmaster) - began };
    },
  };
}

// --- internal ---

/** The kernel counts in hundredths of a second, for its readers. */
const TICKS = 100;

function privateMegabytes(postmaster: number): number {
  const kilobytes = childrenOf(postmaster).map((pid) => /^RssAnon:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0);
  return kilobytes.reduce<number>((sum, one) => sum + Number(one), 0) / 1024;
}

/** Of the processes there are, and of those that ended, which their parent has been given. */
function processorSeconds(postmaster: number): number {
  const ticks = [String(postmaster), ...childrenOf(postmaster)].flatMap((pid) =>
    // the name, in parentheses, may hold anything; user, system, children's user, children's system
    read(pid, 'stat').replace(/^.*\)/s, '').trim().split(' ').slice(11, 15).map(Number),
  );
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS;
}

function childrenOf(parent: number): string[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]) === parent);
}

/** Empty where the process ended meanwhile. */
function read(pid: string, file: 'stat' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
