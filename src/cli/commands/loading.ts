/**
 * Commands that fill the warehouse, and show how that went.
 */
import type { CommandDeclaration } from './declaration.ts';

export const LOADING: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'sync, then build, under one lease: for cron',
    description:
      'Holds the warehouse from the first row to the publication, so that two cron jobs never overlap. Where some streams fail, what could be loaded is built and the command ends with code 4.',
    options: [
      [
        '--allow-shrink',
        'accept that a platform now gives much less for days that are loaded; without it they are refused and kept',
      ],
      ['--select <selection>', 'build only these models, as in build; everything is synced'],
      ['--exclude <selection>', 'do not build these'],
      ['--time-budget <duration>', 'begin nothing new after it: 20m, 90s, 1h30m (default: none)'],
      ['--watch <duration>', 'again and again, each so long after the one before began, until stopped: 5m, 1h'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the run goes: streams, build, models'],
    ],
    details: [
      "The last line says all in one, for cron's mail: `run 4f9d12ab: 12 streams, 1,204 rows, 3 models changed, 41.0 s; trusted`. Streams that are behind are named in it, and the checks that make numbers untrusted. With `--quiet` it is the only line, with `--json` it is `summary`.",
      'Once the time budget is used up no stream, partition or slice begins any more; what is under way is finished and loaded, the models are built, and the command ends with code 4 (`TIME_BUDGET`) where something was left. The next run goes on from there; under a budget the stream that waits longest for a load goes first, so that one that takes the whole of it leaves the others their turn. The record of the run (`revops runs`) has how every stream ended.',
      'With `--watch` each turn is a run of its own, with its own record, alerts and lease, so other commands have the warehouse in between. A turn that fails is told and the next one goes on; only a mistake in the command or the project (code 2) ends it. SIGTERM ends it as it ends a single run.',
    ],
    examples: [
      'revops run',
      'revops run --time-budget 20m --quiet',
      'revops run --watch 5m',
      'revops run --select "+cac +models/quality"',
      'revops run --json 2>> revops.log',
      'revops run --lock-timeout 0',
    ],
    load: async () => (await import('../repeat.ts')).repeated((await import('../run.ts')).runCommand),
  },
  {
    name: 'sync',
    summary: 'bring raw data up to date, exactly once',
    description:
      'Reads what changed on every platform and loads it. Run it as often as you like: a run that was stopped or killed is finished by the next, and days that were missed are filled by themselves.',
    words: [['[selection...]', 'connectors (hubspot) or streams (hubspot.deals) (default: all)']],
    options: [
      [
        '--full',
        'forget where the selected streams stand and read everything again; rows that did not change are not rewritten',
      ],
      [
        '--allow-shrink',
        'accept that a platform now gives much less for days that are loaded; without it they are refused and kept',
      ],
      ['--time-budget <duration>', 'begin nothing new after it: 20m, 90s, 1h30m (default: none)'],
      ['--watch <duration>', 'again and again, each so long after the one before began, until stopped: 5m, 1h'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the sync goes'],
    ],
    details: [
      'What changed on the platforms is spooled under `.revops/`, and loaded in one transaction per slice together with the cursor ([sync.md](sync.md)).',
      'Ends with code 4 when some streams are up to date and others are not, 1 when none is.',
      'Under a `schedule` in the config, sources that are not due are left out and named; what is named here, and `--full`, goes before it.',
      '`--openlineage` writes [OpenLineage](https://openlineage.io) events.',
    ],
    examples: [
      'revops sync',
      'revops sync hubspot google-ads.campaign_daily',
      'revops sync hubspot.deals --full',
      'revops sync hubspot --watch 2m',
      'revops sync --openlineage events.jsonl',
    ],
    load: async () => (await import('../repeat.ts')).repeated((await import('../sync.ts')).syncCommand),
  },
  {
    name: 'collect',
    summary: 'accept events, consents and webhooks over HTTP until stopped',
    description:
      'Answers once what was sent is durable on the disk; `revops sync` loads it, in another process and at any time. SIGTERM stops it without losing anything. Logs are JSON lines on standard error.',
    words: [['[connector]', 'the connector that listens (default: the only one)']],
    options: [
      ['--host <host>', "address to listen on (default: the config's, 127.0.0.1)"],
      ['--port <port>', "port to listen on, 0 for any (default: the config's, 8787)"],
    ],
    details: ['What it takes, and how to put it behind a proxy or into systemd: [collector](connectors/collector.md).'],
    examples: [
      'revops collect',
      'revops collect --host 0.0.0.0 --port 8080',
      'revops collect --verbose 2>> collect.log',
    ],
    runsUntilStopped: true,
    load: async () => (await import('../collect.ts')).collectCommand,
  },
  {
    name: 'build',
    summary: 'build the models and publish them at once',
    description:
      'Builds the models in dependency order, tests the new rows, then shows everything to readers in one commit. A failing test of severity error publishes nothing (code 5). Refused (code 5) where the project no longer matches its attribution lock.',
    words: [
      ['[models...]', 'a selection: cac, +cac, deals+, 2+cac, models/marts, tag:x, state:changed+ (default: all)'],
    ],
    options: [
      ['--select <selection>', 'the same as an option; blanks unite, commas intersect'],
      ['--exclude <selection>', 'not these'],
      [
        '--full-refresh',
        'build whole what is selected, whatever changed; raw tables, history and ledgers are not touched',
      ],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the build goes'],
    ],
    details: [
      '`[models...]` is a [selection](models.md#selecting-models).',
      '`--openlineage` writes [OpenLineage](https://openlineage.io) events: START and COMPLETE or FAIL of the build and of every model that runs, with their SQL, columns, inputs and rows.',
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
      'Syncs, builds and rollbacks, newest first: command, start, how long, how it ended, the build it made, rows loaded and rows written into tables. A run that was killed is shown as such. Records are kept for 180 days, or what runs.keepDays of the config says.',
    words: [
      ['[action]', 'list or show (default: list)', ['list', 'show']],
      ['[id]', 'for show: a run, the beginning of its id, or a build (b12)'],
    ],
    options: [['--limit <runs>', 'runs at most (default: 20)']],
    details: [
      '`show` gives one run in full: per stream the loads and their rows; per model what was done (`full`, `incremental`, `unchanged`) and why, rows read, written, removed and unchanged, seconds, and the tests that found rows. Records are written as the run goes, so one that was killed shows how far it came, and is shown as `killed`.',
      "Rows read are those of the tables a model was made from (of raw tables as the engine's statistics say); of one updated in part the rows of the touched keys.",
    ],
    examples: ['revops runs', 'revops runs show b12', 'revops runs show 4f9d --json'],
    onlyPrints: true,
    load: async () => (await import('../runs.ts')).runsCommand,
  },
  {
    name: 'gaps',
    summary: 'list days that are not loaded, or not since they became final',
    description: 'The next sync fills them by itself.',
    examples: ['revops gaps', 'revops gaps --json'],
    onlyPrints: true,
    load: async () => (await import('../gaps.ts')).gaps,
  },
  {
    name: 'freshness',
    summary: 'say how far every source reaches, against how far behind it may be',
    description:
      'Per source and ad account: when the newest thing happened that it tells of (as last built), up to when its data is complete, when it was last read to its end and last loaded anything, hours behind now, and the hours it may be (checks.slaHours and checks.freshnessHours of the config). Asks the warehouse only, no platform.',
    words: [['[sources...]', 'connectors (hubspot) or streams (hubspot.deals) (default: all)']],
    options: [['--strict', 'end with 5 where one is late or was never loaded']],
    details: [
      'The status is `fresh`, `late`, `never loaded`, or `no promise` for a source that comes when somebody brings it, as files do. It is judged now; the check of the same name judges what the last build read, leaves rates and costs out, and makes numbers untrusted ([checks.md](checks.md)).',
    ],
    examples: [
      'revops freshness',
      'revops freshness hubspot google-ads.campaign_daily',
      'revops freshness --strict --json',
    ],
    onlyPrints: true,
    load: async () => (await import('../freshness.ts')).freshnessCommand,
  },
  {
    name: 'vacuum',
    summary: 'give space back: drop what nothing needs, compact the warehouse',
    description:
      'Drops the tables that killed, failed or rolled-back builds left. Compacts a DuckDB file by a copy that takes its place; on Postgres vacuums the tables of revops. Raw data, its history, ledgers and what diff and rollback need stay.',
    options: [['--runs <days>', 'also forget records of runs older than this (default: as the config says)']],
    details: [
      'A DuckDB file reuses the space of dropped tables but never shrinks: it is copied, the copy is compared with it (everything in the catalog, the rows of every table), and takes its place in one rename; killed at any point, the file is the old one or the new one. That needs as much free disk as the new file. `build` and `run` do the same by themselves when a file above 64 MB is larger than 1.4 times what it holds, so that it stays within 1.5 times of a fresh copy.',
      'On Postgres the tables of revops are vacuumed and analyzed one by one, while readers go on; space inside of them is reused.',
    ],
    examples: ['revops vacuum', 'revops vacuum --runs 30'],
    load: async () => (await import('../vacuum.ts')).vacuumCommand,
  },
];
