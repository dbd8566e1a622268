/**
 * Commands for who writes models.
 */
import type { CommandDeclaration } from './declaration.ts';

export const MODELS: readonly CommandDeclaration[] = [
  {
    name: 'plan',
    summary: 'say per model whether it will run, and why',
    description:
      'Compiles the project, so it also finds what is wrong with a model, and compares it with what is built. Changes nothing.',
    words: [['[models...]', 'a selection, as in build (default: all)']],
    options: [
      ['--select <selection>', 'the same as an option; blanks unite, commas intersect'],
      ['--exclude <selection>', 'not these'],
      ['--explain <model>', "the parts of this model's fingerprint, and which differ from the published one"],
      ['--offline', 'do not ask the warehouse: plan against what is remembered of it'],
    ],
    details: [
      '`[models...]` is a [selection](models.md#selecting-models). `--explain` prints the own SQL, header, functions, settings it names, loads and builds of its parents, published and now, those that differ first.',
      'Where the warehouse cannot be reached, or its URL is not set, the plan is made against what builds and plans left in `.revops/`, and says as of when: what changed in models, lists and settings since then is exact, data that came since is not known. Where nothing is remembered it is the plan for an empty warehouse.',
    ],
    examples: [
      'revops plan',
      'revops plan +cac --json',
      'revops plan --explain cac',
      'revops plan state:changed --offline',
    ],
    onlyPrints: true,
    load: async () => (await import('../plan.ts')).planCommand,
  },
  {
    name: 'test',
    summary: 'run the unit cases of models on given rows',
    description:
      'Runs fixtures/cases/<model>/<case>/ of the packaged library and of the project, on the models of the project: given rows in, expected rows out, in memory. Models with a key are also fed in two loads. Needs no warehouse, no secret and no connector.',
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
    details: [
      "`--warehouse postgres` uses a database of its own on the server of `REVOPS_TEST_POSTGRES_URL`, else of the project's warehouse; it is dropped afterwards.",
      'Ends with code 0 when all cases pass, 1 when one fails, 2 when the files of a case are wrong. [testing.md](testing.md) is the whole page.',
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
      'Read from the SQL of the models: nothing is declared, and no warehouse is asked. Each step says whether the value is passed on, computed from, or only used to filter, join or group.',
    words: [['<column>', 'model.column (cac.spend), a raw column (raw_hubspot.deals.amount), or a whole model']],
    options: [
      ['--up', 'what it comes from, down to raw columns (default)'],
      ['--down', 'what reads it; with --up: both'],
      ['--depth <steps>', 'steps at most (default: all; 1 for a whole model)'],
      [
        '--filters',
        'follow what only filters, joins or groups, too; without it those of its own model are named below the tree',
      ],
    ],
    details: [
      'Each step is `passed on` (the value as it is), `computed` (an expression, aggregate, window, condition of a value, or a count of `rows of` a relation) or `filter` (it only filters, joins or groups).',
    ],
    examples: [
      'revops lineage marginal_cac.spend',
      'revops lineage raw_hubspot.deals.amount --down',
      'revops lineage cac --json',
    ],
    onlyPrints: true,
    load: async () => (await import('../lineage.ts')).lineageCommand,
  },
  {
    name: 'diff',
    summary: 'say why a number changed: the rows a build changed, and what caused it',
    description:
      'Changed cells with their old and new values, rows that came and went, and the loads, parents and definitions behind it. Changes of the last 7 published builds are kept.',
    words: [['<model>', 'a table: cac, marts.cac; views show what loads change at once']],
    options: [
      ['--build <id>', 'what this build changed (default: the last that changed the model)'],
      [
        '--since <when>',
        'all builds after this one (b12), or after an instant, taken together: what changed and changed back is left out',
      ],
      ['--limit <keys>', 'keys at most (default: 50 in a table, all in CSV and JSON)'],
      ['--csv', 'one line per cell: change, key, column, before, after'],
    ],
    details: [
      "The rows that a build took out of a table and put in are paired by its grain (`~` changed cells with old and new value, `-` removed, `+` added), with the sums they make, and what caused it: loads of which streams, which parents, settings or definitions, the build's clock; of several causes each row names those that touched it.",
      'Where a definition changed, or all was asked to be built anew, there are rows as long as both tables are there, afterwards a summary.',
    ],
    examples: ['revops diff cac', 'revops diff cac --since 2026-10-30', 'revops diff deals --build b12 --csv'],
    onlyPrints: true,
    load: async () => (await import('../diff.ts')).diffCommand,
  },
  {
    name: 'rollback',
    summary: 'take the last published build back',
    description:
      'Puts the build before it back in one transaction, for readers and for the next build. Refuses (code 5), with the reason, where what was before is not there any more. Raw data, its history and the attribution lock stay as they are.',
    options: [
      [
        '--keep-ledgers',
        'rows of a ledger are never taken back; where the build wrote any it is refused, unless this says to take back the rest',
      ],
    ],
    details: [
      'The next build starts from the build before: it gives the same again unless the model or the data was corrected. Tables that were updated in place get their rows back from the changes that are kept; those that were built anew show their table of before, which is kept for one build. Where that is gone the command says so and changes nothing. It may be given again as long as there is something to go back to.',
    ],
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
      ['--csv', 'comma-separated values with a header; NULL is an empty field'],
    ],
    examples: [
      'revops query "select channel, period_start, spend, customers from cac order by 1, 2"',
      'revops query "select * from raw_hubspot.deals" --csv > deals.csv',
    ],
    onlyPrints: true,
    load: async () => (await import('../query.ts')).query,
  },
];
