/**
 * Commands that make a project, and show what it consists of.
 */
import type { CommandDeclaration } from './declaration.ts';

export const SET_UP: readonly CommandDeclaration[] = [
  {
    name: 'init',
    summary: 'make a project in an empty folder',
    description:
      'Writes revops.config.ts, .env.example, README.md and models/; what runs it every day (a line for cron, a systemd timer, a Dockerfile) and what tests its models on pull requests (a GitHub workflow); and a package.json where revops is not installed yet. Files that exist are kept; a folder that has a config is refused.',
    words: [['[folder]', 'where (default: here)']],
    options: [
      ['--warehouse <engine>', 'the warehouse to configure (default: duckdb)', ['duckdb', 'postgres']],
      ['--files', 'read CSV files in data/ instead of platforms; example files of three months are written'],
    ],
    details: [
      'The config is an ES module whatever the `package.json` beside it says. [operations.md](operations.md) is about what runs it every day.',
    ],
    examples: ['revops init', 'revops init revenue --warehouse postgres', 'revops init --files'],
    load: async () => (await import('../init.ts')).init,
  },
  {
    name: 'doctor',
    summary: 'check Node, config, warehouse and every connection',
    description:
      'Opens the warehouse and every connection, changes nothing, and says what is wrong and what to do. Ends with code 1 if a check fails.',
    options: [
      [
        '--roles [prefix]',
        'print the SQL that makes Postgres roles with the least privileges (default prefix: revops)',
      ],
      ['--apply', 'with --roles: make them, or bring them up to date; as the owner of the database'],
    ],
    details: [
      '`--roles` makes `revops_loader` for `sync`, `revops_builder` for `build` and `revops_reader` for everything that only reads; [security.md](security.md#roles-in-postgres) says what each may do.',
    ],
    examples: [
      'revops doctor',
      'revops doctor --json',
      'revops doctor --roles > roles.sql',
      'revops doctor --roles --apply',
    ],
    load: async () => (await import('../doctor.ts')).doctor,
  },
  {
    name: 'list',
    summary: 'list connectors, streams, models, functions and checks, and where they come from',
    description:
      'What the project consists of: connectors, streams, and models, functions and checks with their origin (revops, a package, or the project). Needs no secret and no warehouse.',
    words: [
      [
        '[what]',
        'models, connectors, streams, functions or checks (default: all)',
        ['models', 'connectors', 'streams', 'functions', 'checks'],
      ],
    ],
    options: [
      ['--select <selection>', 'only these models, as in build: deals+, models/marts, tag:x'],
      ['--exclude <selection>', 'not these models'],
    ],
    details: ['`--select` takes a [selection](models.md#selecting-models); `state:changed` reads the warehouse.'],
    examples: ['revops list', 'revops list models --select "+cac,models/core"', 'revops list streams --json'],
    onlyPrints: true,
    load: async () => (await import('../list.ts')).list,
  },
  {
    name: 'completion',
    summary: 'print a script that completes command lines in a shell',
    description:
      'Completes commands, options, their values, files, and the names of models: the packaged ones and those of the project in which the shell stands.',
    words: [['<shell>', 'bash, zsh or fish', ['bash', 'zsh', 'fish']]],
    details: [
      'In `~/.bashrc`: `eval "$(revops completion bash)"`. In `~/.zshrc`, after `compinit`: `eval "$(revops completion zsh)"`. In `~/.config/fish/config.fish`: `revops completion fish | source`. Where `revops` is only in a project, write the script into a file once and read that.',
    ],
    examples: ['revops completion bash > ~/.revops-completion', 'revops completion zsh', 'revops completion fish'],
    onlyPrints: true,
    load: async () => (await import('../completion.ts')).completionCommand,
  },
  {
    name: 'demo',
    summary: 'run everything on a simulated company of 18 months',
    description:
      'Starts simulated platforms on this machine, syncs, builds, syncs again, moves a day forward, and leaves a project folder to try every command in.',
    options: [
      ['--warehouse <engine>', 'duckdb, or postgres: a server of its own (default: duckdb)', ['duckdb', 'postgres']],
      [
        '--sources <which>',
        'two: Google Ads and HubSpot; all: three ad platforms, three CRMs, billing, events and costs (default: two)',
        ['two', 'all'],
      ],
      ['--folder <path>', 'where the project is written (default: demo)'],
      ['--serve', 'only start the platforms (and Postgres) of a demo folder, until stopped'],
    ],
    examples: [
      'revops demo',
      'revops demo --warehouse postgres',
      'revops demo --sources all --folder everything',
      'revops demo --serve',
    ],
    load: async () => (await import('../demo.ts')).demo,
  },
];
