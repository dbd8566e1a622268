/**
 * Commands that say whether the numbers can be trusted.
 */
import type { CommandDeclaration } from './declaration.ts';
import { GATE_OPTIONS } from './gate-options.ts';

export const TRUST: readonly CommandDeclaration[] = [
  {
    name: 'status',
    summary: 'say where the layers stand, which one binds, and whether a spreadsheet would do',
    description:
      'Data unification, pipeline definition, attribution, forecasting loop, experimentation: each rests on the one before. Says what is green, what blocks, and the binding constraint: no agreed qualified lead or silos, conflicting definitions, no trace from a won deal to its first touch, or an error of a check.',
    options: [['--strict', 'end with 5 where a layer is red']],
    details: ['[status.md](status.md) has the rules.'],
    examples: ['revops status', 'revops status --json', 'revops status --strict'],
    onlyPrints: true,
    load: async () => (await import('../status.ts')).statusCommand,
  },
  {
    name: 'check',
    summary: 'say what the checks find in the data, since when, and what to do',
    description:
      'Freshness, volumes, times, currencies, coverage: the models in models/quality, as last built. Ends with 5 where an error is open that nobody acknowledged; errors of gating checks make numbers for budgets untrusted.',
    words: [['[checks...]', 'names of checks, or of a group: data, pipeline, attribution, definitions (default: all)']],
    options: [['--strict', 'end with 5 on warnings and what is to be investigated, too']],
    details: [
      '`--json` has `trust` (`trusted`, `untrusted` or `unchecked`), `because`, every finding, and the names of checks that are not built. [checks.md](checks.md) has every check.',
    ],
    examples: [
      'revops check',
      'revops check volume_drop freshness',
      'revops check definitions',
      'revops check --strict --json',
    ],
    onlyPrints: true,
    load: async () => (await import('../check.ts')).checkCommand,
  },
  {
    name: 'ack',
    summary: "answer for a check's findings, with a reason, until a day",
    description:
      'Recorded in revops.check_acks. The findings stay in `revops check`, but fail nothing until then. What is found later, comes again or grows graver is not answered for.',
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
    load: async () => (await import('../ack.ts')).ackCommand,
  },
  {
    name: 'tracking',
    summary: 'hold the events that came against the tracking plan; make models of it',
    description:
      'validate: unknown events, missing or mistyped properties, events without purpose, captured on the wrong side or never seen, of the last 30 days as last built. codegen: a typed model with data tests for each planned event, in models/core.',
    words: [['[action]', 'validate or codegen (default: validate)']],
    options: [
      ['--strict', 'validate: end with 5 on any violation, not only on those of critical events and missing purposes'],
      ['--check', 'codegen: write nothing, and end with 5 where a model is not as the plan says'],
    ],
    details: ['The plan is `tracking-plan.yml`: [tracking-plan.md](tracking-plan.md).'],
    examples: [
      'revops tracking validate',
      'revops tracking validate --strict --json',
      'revops tracking codegen',
      'revops tracking codegen --check',
    ],
    load: async () => (await import('../tracking.ts')).trackingCommand,
  },
  {
    name: 'lock',
    summary: 'lock what changes attribution; show, check or replace the lock',
    description:
      'Without a lock there is no marginal CAC; with one, builds refuse to compute credits under any other definition.',
    words: [
      [
        '[action]',
        'status, create, verify, diff or reset (default: status)',
        ['status', 'create', 'verify', 'diff', 'reset'],
      ],
    ],
    options: [['--reason <text>', 'why: reset needs it, create takes it']],
    details: [
      '`status` prints the baseline, since when, and whether the project still matches. `create` writes `attribution.lock.json` beside the config and a row in `revops.baselines`; it refuses where there is a lock. `diff` names every part that differs (code 0 or 1). `verify` compares lock file, warehouse and project, and every frozen row with the digest of when it was frozen (code 5 where they disagree). `reset` begins a new baseline, in force from today on. [attribution-lock.md](attribution-lock.md) is the whole page.',
    ],
    examples: [
      'revops lock',
      'revops lock create',
      'revops lock diff',
      'revops lock reset --reason "lookback of 60 days"',
    ],
    load: async () => (await import('../lock.ts')).lock,
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
      ...GATE_OPTIONS,
      ['--csv', 'comma-separated values with a header'],
    ],
    details: [
      'Per platform: claims, conversions with it in their path, those matched with it, its credit, all conversions of the type, and the ratio of claims to them. [reconciliation.md](reconciliation.md) says what is compared with what, and what to look at.',
      'Outside of the tolerance the table is printed all the same, and the error is `OUT_OF_TOLERANCE`.',
    ],
    examples: [
      'revops reconcile',
      'revops reconcile --period 2026-Q3 --platform google-ads --campaigns',
      'revops reconcile --period 2026 --csv > claims.csv',
    ],
    onlyPrints: true,
    load: async () => (await import('../reconcile.ts')).reconcileCommand,
  },
];
