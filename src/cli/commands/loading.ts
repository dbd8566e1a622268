/**
 * Commands that fill the warehouse, and show how that went.
 */
import type { CommandDeclaration } from './declaration.ts';

export const LOADING: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'sync, then build, under one lease: for cron',
    description: 'Holds the warehouse from the first row to the publication, so that two cron jobs never overlap.',
    options: [
      ['--allow-shrink', 'accept that a platform now gives much less for a loaded period'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the run goes'],
    ],
    examples: ['revops run', 'revops run --json 2>> revops.log', 'revops run --lock-timeout 0'],
    load: async () => (await import('../run.ts')).runCommand,
  },
  {
    name: 'sync',
    summary: 'bring raw data up to date, exactly once',
    description:
      'Reads what changed on every platform and loads it. Run it as often as you like; a stopped run is finished by the next.',
    words: [['[selection...]', 'connectors or connector.stream (default: all)']],
    options: [
      ['--full', 'forget where the selected streams stand and read everything again'],
      ['--allow-shrink', 'accept that a platform now gives much less for a loaded period'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the sync goes'],
    ],
    examples: [
      'revops sync',
      'revops sync hubspot google-ads.campaign_daily',
      'revops sync hubspot.deals --full',
      'revops sync --openlineage events.jsonl',
    ],
    load: async () => (await import('../sync.ts')).syncCommand,
  },
  {
    name: 'build',
    summary: 'build the models and publish them at once',
    description:
      'Builds the models in dependency order, tests the new rows, then shows everything to readers in one commit. A failing test publishes nothing.',
    words: [
      ['[models...]', 'a selection: cac, +cac, deals+, 2+cac, models/marts, tag:x, state:changed+ (default: all)'],
    ],
    options: [
      ['--select <selection>', 'the same as an option; blanks unite, commas intersect'],
      ['--exclude <selection>', 'not these'],
      ['--full-refresh', 'build whole what is selected, whatever changed; history is kept'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the build goes'],
    ],
    examples: [
      'revops build',
      'revops build +cac',
      'revops build state:changed+ --exclude models/staging',
      'revops build --full-refresh',
      'revops build --now 2026-10-31T06:00:00Z',
    ],
    load: async () => (await import('../build.ts')).buildCommand,
  },
  {
    name: 'runs',
    summary: 'list what ran and how it ended; show one run in full',
    description:
      'Syncs, builds and rollbacks with their rows; a run that was killed is shown as such. Records are kept for 180 days.',
    words: [
      ['[action]', 'list or show (default: list)'],
      ['[id]', 'for show: a run, the beginning of its id, or a build (b12)'],
    ],
    options: [['--limit <runs>', 'runs at most (default: 20)']],
    examples: ['revops runs', 'revops runs show b12', 'revops runs show 4f9d --json'],
    load: async () => (await import('../runs.ts')).runsCommand,
  },
  {
    name: 'gaps',
    summary: 'list days that are not loaded, or not since they became final',
    description: 'The next sync fills them by itself.',
    examples: ['revops gaps', 'revops gaps --json'],
    load: async () => (await import('../gaps.ts')).gaps,
  },
  {
    name: 'vacuum',
    summary: 'give space back: drop what nothing needs, compact the warehouse',
    description:
      'Drops tables that killed or failed builds left. Compacts a DuckDB file by a copy that takes its place; on Postgres vacuums the tables of revops.',
    options: [['--runs <days>', 'also forget records of runs older than this']],
    examples: ['revops vacuum', 'revops vacuum --runs 30'],
    load: async () => (await import('../vacuum.ts')).vacuumCommand,
  },
];
