/**
 * Every command, as data: what `--help` and docs/cli.md say about it, and where its implementation is.
 */
import type { Run } from './context.ts';

export interface CommandDeclaration {
  name: string;
  summary: string;
  description: string;
  /** `[name, description]`, commander's notation. */
  words?: [string, string][];
  /** `[flags, description, choices?]`, commander's notation. */
  options?: [string, string, string[]?][];
  examples: string[];
  load(): Promise<Run>;
}

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    name: 'init',
    summary: 'make a project in an empty folder',
    description:
      'Writes revops.config.ts, .env.example, .gitignore, README.md and models/. Existing files are never overwritten.',
    words: [['[folder]', 'where (default: here)']],
    options: [
      ['--warehouse <engine>', 'the warehouse to configure (default: duckdb)', ['duckdb', 'postgres']],
      ['--files', 'read CSV files in data/ instead of platforms; example files are written'],
    ],
    examples: ['revops init', 'revops init revenue --warehouse postgres', 'revops init --files'],
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'check Node, config, warehouse and every connection',
    description: 'Opens the warehouse and every connection, changes nothing, and says what is wrong and what to do.',
    examples: ['revops doctor', 'revops doctor --json'],
    load: async () => (await import('./doctor.ts')).doctor,
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
    load: async () => (await import('./sync.ts')).syncCommand,
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
    load: async () => (await import('./build.ts')).buildCommand,
  },
  {
    name: 'run',
    summary: 'sync, then build, under one lease: for cron',
    description: 'Holds the warehouse from the first row to the publication, so that two cron jobs never overlap.',
    options: [
      ['--allow-shrink', 'accept that a platform now gives much less for a loaded period'],
      ['--openlineage <file>', 'write OpenLineage events, one JSON line each, as the run goes'],
    ],
    examples: ['revops run', 'revops run --json 2>> revops.log', 'revops run --lock-timeout 0'],
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'plan',
    summary: 'say per model whether it will run, and why',
    description: 'Compiles the project and compares it with what is built. Changes nothing.',
    words: [['[models...]', 'a selection, as in build (default: all)']],
    options: [
      ['--select <selection>', 'the same as an option; blanks unite, commas intersect'],
      ['--exclude <selection>', 'not these'],
      ['--explain <model>', "the parts of this model's fingerprint, and which differ from the published one"],
      ['--offline', 'do not ask the warehouse: plan against what is remembered of it'],
    ],
    examples: [
      'revops plan',
      'revops plan +cac --json',
      'revops plan --explain cac',
      'revops plan state:changed --offline',
    ],
    load: async () => (await import('./plan.ts')).planCommand,
  },
  {
    name: 'test',
    summary: 'run the unit cases of models on given rows',
    description:
      'Runs fixtures/cases/<model>/<case>/ of the packaged library and of the project: given rows in, expected rows out, in memory. Models with a key are also fed in two loads. Needs no warehouse and no secret.',
    words: [['[models...]', 'a selection, as in build, or single cases: deals/when_won (default: all)']],
    options: [
      ['--select <selection>', 'the same as an option; blanks unite, commas intersect'],
      ['--exclude <selection>', 'not these'],
      [
        '--warehouse <engine>',
        'duckdb in memory, or postgres: a database of its own (default: duckdb)',
        ['duckdb', 'postgres'],
      ],
      ['--watch', 'run again what a changed file affects, until stopped'],
      ['--junit <file>', 'write the results as JUnit XML'],
      ['--annotations', 'print GitHub annotations with file and line (by itself in GitHub Actions)'],
    ],
    examples: [
      'revops test',
      'revops test deals/when_won',
      'revops test --select models/core --watch',
      'revops test --warehouse postgres --junit reports/models.xml',
    ],
    load: async () => (await import('./test.ts')).testCommand,
  },
  {
    name: 'diff',
    summary: 'say why a number changed: the rows a build changed, and what caused it',
    description:
      'Changed cells with their old and new values, rows that came and went, and the loads, parents and definitions behind it. Changes of the last 7 builds are kept.',
    words: [['<model>', 'a table: cac, marts.cac']],
    options: [
      ['--build <id>', 'what this build changed (default: the last that changed the model)'],
      ['--since <when>', 'all builds after this one, or after an instant, taken together'],
      ['--limit <keys>', 'keys at most (default: 50 in a table, all in CSV and JSON)'],
      ['--csv', 'one line per cell: change, key, column, before, after'],
    ],
    examples: ['revops diff cac', 'revops diff cac --since 2026-10-30', 'revops diff deals --build b12 --csv'],
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'rollback',
    summary: 'take the last published build back',
    description:
      'Puts the build before it back in one transaction, for readers and for the next build. Refuses, with the reason, where what was before is not there any more. Raw data stays as it is.',
    options: [['--keep-ledgers', 'where the build wrote into ledgers: take the rest back, and leave those rows']],
    examples: ['revops rollback', 'revops rollback --keep-ledgers --json'],
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'lineage',
    summary: 'say where a column comes from, and what comes of it',
    description:
      'Reads the SQL of the models: each step says whether the value is passed on, computed from, or only used to filter, join or group.',
    words: [['<column>', 'model.column (cac.spend), a raw column (raw_hubspot.deals.amount), or a whole model']],
    options: [
      ['--up', 'what it comes from, down to raw columns (default)'],
      ['--down', 'what reads it'],
      ['--depth <steps>', 'steps at most (default: all; 1 for a whole model)'],
      ['--filters', 'follow what only filters, joins or groups, too'],
    ],
    examples: [
      'revops lineage marginal_cac.spend',
      'revops lineage raw_hubspot.deals.amount --down',
      'revops lineage cac --json',
    ],
    load: async () => (await import('./lineage.ts')).lineageCommand,
  },
  {
    name: 'explain',
    summary: 'say what a person, a conversion, a credit or a CAC rests on',
    description:
      'person: its identifiers, the contacts and events that told they belong together, what joins nothing and why, and the merges; an e-mail or phone is looked up by its key. conversion: what its time rests on, its people, and every touchpoint with what each model gave it, or why nothing. credit: the rule, the weights, the amount, and the raw rows behind it. cac: the spend and the customers of one channel and period, the period before, the interval, and why the number is what it is.',
    words: [
      ['<subject>', 'person, conversion, credit or cac'],
      [
        '[id...]',
        'person: a person, an identifier (contact:hubspot:123), the id of a contact, user or device, an e-mail, a phone. conversion: its id (customer:hubspot:123), or that of its deal or contact. credit: a conversion, then a touchpoint by its id or its place in the path (default: the whole path)',
      ],
    ],
    options: [
      ['--model <name>', 'credit: the attribution model (default: the primary one of the config)'],
      ['--channel <name>', 'cac: the channel (default: all together)'],
      ['--period <period>', 'cac: one period: 2026-Q3, 2026-09, 2026-W36 or 2026-09-14'],
    ],
    examples: [
      'revops explain person contact:hubspot:9001',
      'revops explain person 9001 --json',
      'revops explain conversion customer:hubspot:1000555',
      'revops explain credit customer:hubspot:1000555 1',
      'revops explain credit customer:hubspot:1000555 --model markov',
      'revops explain cac --channel "Paid Search" --period 2026-10',
    ],
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  {
    name: 'trace',
    summary: 'follow a deal from the first touchpoint to what was paid',
    description:
      'Touchpoints of its people, the people, the stages, the win and the documents of billing, in order of time; where the chain touch → person → deal → revenue breaks, which link is missing and why.',
    words: [
      ['<subject>', 'deal'],
      ['<id>', 'the id of the deal; source:id where several systems have it'],
    ],
    examples: ['revops trace deal 1000555', 'revops trace deal hubspot:1000555 --json'],
    load: async () => (await import('./trace.ts')).traceCommand,
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
    load: async () => (await import('./runs.ts')).runsCommand,
  },
  {
    name: 'query',
    summary: 'run a SELECT on the warehouse, read-only',
    description:
      'Models are named bare (from cac), raw tables by schema (from raw_hubspot.deals). Prints a table, CSV or JSON.',
    words: [['<sql>', 'one statement; - reads it from standard input']],
    options: [
      ['--limit <rows>', 'rows at most (default: 100 in a table, all in CSV and JSON)'],
      ['--csv', 'comma-separated values with a header'],
    ],
    examples: [
      'revops query "select channel, period_start, spend, customers from cac order by 1, 2"',
      'revops query "select * from raw_hubspot.deals" --csv > deals.csv',
    ],
    load: async () => (await import('./query.ts')).query,
  },
  {
    name: 'list',
    summary: 'list connectors, streams, models, functions and checks, and where they come from',
    description: 'Shows what the project consists of. Needs no secret and no warehouse.',
    words: [['[what]', 'models, connectors, streams, functions or checks (default: all)']],
    options: [
      ['--select <selection>', 'only these models, as in build: deals+, models/marts, tag:x'],
      ['--exclude <selection>', 'not these models'],
    ],
    examples: ['revops list', 'revops list models --select "+cac,models/core"', 'revops list streams --json'],
    load: async () => (await import('./list.ts')).list,
  },
  {
    name: 'check',
    summary: 'say what the checks find in the data, since when, and what to do',
    description:
      'Freshness, volumes, times, currencies, coverage: the models in models/quality, as last built. Ends with 5 where an error is open that nobody acknowledged; errors of gating checks make numbers for budgets untrusted.',
    words: [['[checks...]', 'names of checks (default: all)']],
    options: [['--strict', 'end with 5 on warnings and what is to be investigated, too']],
    examples: ['revops check', 'revops check volume_drop freshness', 'revops check --strict --json'],
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'ack',
    summary: "answer for a check's findings, with a reason, until a day",
    description: 'Recorded in revops.check_acks. The findings stay in `revops check`, but fail nothing until then.',
    words: [['<check>', 'the check, as `revops check` names it']],
    options: [
      ['--reason <text>', 'why the finding is right: required'],
      ['--subject <subject>', 'only what it finds about this (default: all)'],
      ['--days <days>', 'for how long, 1 to 90 (default: 14)'],
    ],
    examples: [
      'revops ack volume_drop --reason "public holiday in Bavaria"',
      'revops ack freshness --subject "hubspot.deals" --reason "token is being renewed" --days 2',
    ],
    load: async () => (await import('./ack.ts')).ackCommand,
  },
  {
    name: 'gaps',
    summary: 'list days that are not loaded, or not since they became final',
    description: 'The next sync fills them by itself.',
    examples: ['revops gaps', 'revops gaps --json'],
    load: async () => (await import('./gaps.ts')).gaps,
  },
  {
    name: 'vacuum',
    summary: 'give space back: drop what nothing needs, compact the warehouse',
    description:
      'Drops tables that killed or failed builds left. Compacts a DuckDB file by a copy that takes its place; on Postgres vacuums the tables of revops.',
    options: [['--runs <days>', 'also forget records of runs older than this']],
    examples: ['revops vacuum', 'revops vacuum --runs 30'],
    load: async () => (await import('./vacuum.ts')).vacuumCommand,
  },
  {
    name: 'lock',
    summary: 'lock what changes attribution; show, check or replace the lock',
    description:
      'Without a lock there is no marginal CAC; with one, builds refuse to compute credits under any other definition.',
    words: [['[action]', 'status, create, verify, diff or reset (default: status)']],
    options: [['--reason <text>', 'why: reset needs it, create takes it']],
    examples: [
      'revops lock',
      'revops lock create',
      'revops lock diff',
      'revops lock reset --reason "lookback of 60 days"',
    ],
    load: async () => (await import('./lock.ts')).lock,
  },
  {
    name: 'cac',
    summary: 'CAC and marginal CAC per channel, campaign or segment and period',
    description:
      'What a customer costs, and what the next one costs, side by side with status and 95 % interval. Filters and other models are answered by the SQL of the same models.',
    options: [
      ['--channel <name>', 'only this channel, for example "Paid Search"'],
      ['--campaign <name>', 'only this campaign, by name or id'],
      ['--segment <name>', 'only this ad group or ad set, by name or id'],
      ['--period <period>', '2026, 2026-Q3, 2026-09, 2026-W36 or 2026-09-14 (default: the last 6)'],
      [
        '--by <groups>',
        'day, week, month or quarter (default: that of --period, else month); channel (default), platform, campaign or segment; or one of each: campaign,quarter',
      ],
      [
        '--basis <basis>',
        'customers by the day they were won (default), or by the day their people were first touched',
        ['conversion', 'cohort'],
      ],
      ['--cohort <period>', 'cohorts of this period, written like --period; one cohort has all its ages'],
      ['--age <periods>', 'cohorts at this age: whole periods after their own (default: the last completed)'],
      ['--decompose', 'why CAC changed against the period before: cost per lead, and every step to the customer'],
      ['--min-touchpoints <number>', 'only customers with so many touchpoints before they were won; average CAC'],
      ['--model <name>', 'another attribution model: first_touch, markov, … (default: the primary one of the config)'],
      ['--as-reported', 'frozen credits of settled conversions (default); with --as-of: as they were frozen by then'],
      ['--as-known-now', 'settled conversions too with what is known of them now'],
      ['--as-of <date>', 'what was known at the last build of that day or instant, of conversions settled by then'],
      ['--average', 'only average CAC, which needs no attribution lock'],
      ['--strict', 'end with 5 where the checks say that the data cannot be trusted'],
      ['--csv', 'comma-separated values with a header'],
    ],
    examples: [
      'revops cac',
      'revops cac --channel "Paid Search" --period 2026-Q3',
      'revops cac --channel "Paid Social" --period 2025-Q4 --min-touchpoints 3',
      'revops cac --by campaign --channel "Paid Search" --period 2026-09',
      'revops cac --model markov --by quarter --csv',
      'revops cac --cohort 2025-Q3 --channel "Paid Search"',
      'revops cac --basis cohort --by month --age 3',
      'revops cac --decompose --channel "Paid Search" --period 2026-Q3',
      'revops cac --period 2026-Q3 --as-reported --as-of 2026-10-31',
      'revops cac --average',
    ],
    load: async () => (await import('./cac.ts')).cac,
  },
  {
    name: 'reconcile',
    summary: 'hold what ad platforms claim against what happened',
    description:
      'Claims of each platform by its canonical action, the conversions with it in their path, those matched with it, its credit, and all that happened. Ends with code 5 outside of the tolerance.',
    options: [
      ['--period <period>', '2026, 2026-Q3, 2026-09, 2026-W36 or 2026-09-14 (default: the last complete month)'],
      ['--platform <name>', 'only this platform, for example google-ads'],
      ['--campaigns', 'campaigns beside the totals of platforms'],
      ['--csv', 'comma-separated values with a header'],
    ],
    examples: [
      'revops reconcile',
      'revops reconcile --period 2026-Q3 --platform google-ads --campaigns',
      'revops reconcile --period 2026 --csv > claims.csv',
    ],
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  {
    name: 'demo',
    summary: 'run everything on a simulated company of 18 months',
    description:
      'Starts simulated platforms on this machine, syncs 18 months, builds, and leaves a project folder to try every command in.',
    options: [
      ['--warehouse <engine>', 'duckdb, or postgres: a server of its own (default: duckdb)', ['duckdb', 'postgres']],
      ['--folder <path>', 'where the project is written (default: demo)'],
      ['--serve', 'only start the platforms (and Postgres) of an existing demo folder, until stopped'],
    ],
    examples: ['revops demo', 'revops demo --warehouse postgres', 'revops demo --serve'],
    load: async () => (await import('./demo.ts')).demo,
  },
];
