/**
 * `revops demo`: everything on a simulated company. The simulation is no part of the engine: it is imported from the
 * package's fixtures when this command runs, the only place where src/ reaches for them.
 */
import { resolve } from 'node:path';

import { messageOf, RevopsError } from '../errors.ts';
import type { EngineName } from '../warehouse/types.ts';
import type { CommandContext, Options } from './context.ts';

/** What the simulation is asked, and what it needs of the program that asks. */
export interface DemoRequest {
  engine: EngineName;
  /** Google Ads and HubSpot, or everything there is a connector for. */
  sources: 'two' | 'all';
  /** Absolute. */
  folder: string;
  /** Moves the simulated company's clock; only with `serve`. */
  now?: Date;
  say(text: string): void;
  signal: AbortSignal;
}

export interface DemoModule {
  /** Makes the folder and shows everything in it. */
  runDemo(request: DemoRequest): Promise<void>;
  /** Keeps the platforms of an existing folder up until the signal. */
  serveDemo(request: DemoRequest): Promise<void>;
}

export async function demo(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const { runDemo, serveDemo } = await simulation();
  const { now } = context.globals;
  const request: DemoRequest = {
    engine: options['warehouse'] === 'postgres' ? 'postgres' : 'duckdb',
    sources: options['sources'] === 'all' ? 'all' : 'two',
    folder: resolve(context.cwd, String(options['folder'] ?? 'demo')),
    ...(now === undefined ? {} : { now }),
    say: (text) => context.terminal.print(text),
    signal: context.signal,
  };
  await (options['serve'] === true ? serveDemo(request) : runDemo(request));
}

// --- internal ---

/** Beside src/ in a checkout, beside dist/src/ in the package. */
async function simulation(): Promise<DemoModule> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`../../fixtures/demo/index.${extension}`, import.meta.url).href;
  try {
    return (await import(url)) as DemoModule;
  } catch (error) {
    throw new RevopsError('INTERNAL', `the demo's simulation cannot be loaded from ${url}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
