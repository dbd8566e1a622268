import { readdirSync, readFileSync } from 'node:fs';

/**
 * Watches the memory that a Postgres server's processes have for themselves: the largest sum seen, in MB, without what
 * they share. On Linux; elsewhere 0.
 */
export function watchMemory(postmaster: number): { stop(): number } {
  let most = 0;
  const look = (): void => void (most = Math.max(most, privateMegabytes(postmaster)));
  const timer = setInterval(look, 200);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

// --- internal ---

function privateMegabytes(parent: number): number {
  if (process.platform !== 'linux') return 0;
  let kilobytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== parent) continue;
      kilobytes += Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    } catch {
      // it ended meanwhile
    }
  }
  return kilobytes / 1024;
}
