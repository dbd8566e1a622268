/**
 * A second process on the same warehouse, to be killed: it does what it is told, says `ready`, and stays.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { WarehouseConfig } from '../../src/warehouse/config.ts';

export interface WarehouseProcess {
  pid: number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** What it wrote, once it has ended. */
  output(): Promise<string>;
}

export type Task = 'lease' | 'write' | 'transaction' | 'unprivileged';

/** Starts the process and waits until it says that it is ready (or has ended). */
export async function startWarehouseProcess(config: WarehouseConfig, task: Task): Promise<WarehouseProcess> {
  const plain = config.type === 'postgres' ? { ...config, url: config.url.reveal() } : config;
  const script = join(import.meta.dirname, 'warehouse-process-main.ts');
  const child = spawn(process.execPath, ['--conditions=source', script, task, JSON.stringify(plain)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('ready')) resolve();
    });
  });
  const ended = once(child, 'close');
  await Promise.race([ready, ended]);
  return {
    pid: child.pid ?? 0,
    kill: () => killed(child, ended),
    async output() {
      await ended;
      return output;
    },
  };
}

// --- internal ---

async function killed(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
