/**
 * Commands for who writes models.
 */
import type { CommandDeclaration } from './declaration.ts';

export const MODELS: readonly CommandDeclaration[] = [
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
    load: async () => (await import('../plan.ts')).planCommand,
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
    load: async () => (await import('../test.ts')).testCommand,
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
    load: async () => (await import('../lineage.ts')).lineageCommand,
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
    load: async () => (await import('../diff.ts')).diffCommand,
  },
  {
    name: 'rollback',
    summary: 'take the last published build back',
    description:
      'Puts the build before it back in one transaction, for readers and for the next build. Refuses, with the reason, where what was before is not there any more. Raw data stays as it is.',
    options: [['--keep-ledgers', 'where the build wrote into ledgers: take the rest back, and leave those rows']],
    examples: ['revops rollback', 'revops rollback --keep-ledgers --json'],
    load: async () => (await import('../rollback.ts')).rollbackCommand,
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
    load: async () => (await import('../query.ts')).query,
  },
];
