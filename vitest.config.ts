import { defineConfig } from 'vitest/config';

import { ClosingLine } from './tests/support/closing-line.ts';
import { SlowFilesFirst } from './tests/support/slow-files-first.ts';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/compiled.ts', 'tests/support/postgres-server.ts'],
    reporters: ['default', new ClosingLine()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // One more than the cores of a small machine: tests wait for processes and timers.
    maxWorkers: 3,
    sequence: { sequencer: SlowFilesFirst },
    // Files of one worker share what they import: importing it again for each takes a fifth of the whole time.
    isolate: false,
    execArgv: ['--conditions=source'],
  },
});
