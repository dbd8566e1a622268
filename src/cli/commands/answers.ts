/**
 * Commands that give numbers, and what they rest on.
 */
import type { CommandDeclaration } from './declaration.ts';
import { GATE_OPTIONS } from './gate-options.ts';

export const ANSWERS: readonly CommandDeclaration[] = [
  {
    name: 'cac',
    summary: 'CAC and marginal CAC per channel, campaign or segment and period',
    description:
      'What a customer costs, and what the next one costs, side by side with status and 95 % interval. Filters and other models are answered by the SQL of the same models.',
    options: [
      ['--channel <name>', 'only this channel, for example "Paid Search"'],
      ['--campaign <name>', 'only this campaign, by name (in any case) or id; by campaign unless told'],
      ['--segment <name>', 'only this ad group or ad set, by name or id; by segment unless told'],
      ['--period <period>', '2026, 2026-Q3, 2026-09, 2026-W36 or 2026-09-14 (default: the last 6)'],
      [
        '--by <groups>',
        'day, week, month or quarter (default: that of --period, else month); channel (default), first_channel (by which customers first came), platform, campaign, segment, format, creative, touchpoints (how many before the win) or company_size; or one of each: campaign,quarter',
      ],
      [
        '--basis <basis>',
        'customers by the day they were won (default), or by the day their people were first touched',
        ['conversion', 'cohort'],
      ],
      ['--cohort <period>', 'cohorts of this period, written like --period; one cohort has all its ages'],
      ['--age <periods>', 'cohorts at this age: whole periods after their own (default: the last completed)'],
      ['--decompose', 'why CAC changed against the period before: cost per lead, and every step to the customer'],
      [
        '--min-touchpoints <number>',
        'only customers with so many touchpoints in their path; average CAC, all of the spend over these customers',
      ],
      ['--model <name>', 'another attribution model: first_touch, markov, … (default: the primary one of the config)'],
      [
        '--as-reported',
        'frozen credits of settled conversions, current ones of open ones (default); with --as-of: as they were frozen by then',
      ],
      ['--as-known-now', 'settled conversions too with what is known of them now'],
      ['--as-of <date>', 'what was known at the last build of that day or instant, of conversions settled by then'],
      ['--average', 'only average CAC, which needs no attribution lock'],
      ...GATE_OPTIONS,
      ['--csv', 'comma-separated values with a header, all columns'],
    ],
    details: [
      'Marginal CAC is only given under an attribution lock: without one, or from a build that was not made under it, the command ends with code 5. Where there is no honest number there is its status instead, as the model `marginal_cac` defines them: `saturated`, `no_baseline`, `incomplete_period`, …',
      'Filters, other groups and other models are answered by the SQL of the same models over a part of spend and credit: nothing is built, and every number means the same. [cac.md](cac.md) says what each answer is, among them [cohorts](cac.md#cohorts) and [why CAC changed](cac.md#why-cac-changed); [attribution.md](attribution.md) has [the models](attribution.md#the-models) and what [as reported, as known now, as of a date](attribution.md#as-reported-as-known-now-as-of-a-date) mean.',
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
    onlyPrints: true,
    load: async () => (await import('../cac.ts')).cac,
  },
  {
    name: 'explain',
    summary: 'say what a person, a conversion, a credit or a CAC rests on',
    description:
      'person: its identifiers, the contacts and events that told they belong together, what joins nothing and why, and the merges; an e-mail or phone is looked up by its key. conversion: what its time rests on, its people, and every touchpoint with what each model gave it, or why nothing. credit: the rule, the weights, the amount, and the raw rows behind it. cac: the spend and the customers of one channel and period, the period before, the interval, and why the number is what it is.',
    words: [
      ['<subject>', 'person, conversion, credit or cac', ['person', 'conversion', 'credit', 'cac']],
      [
        '[id...]',
        'person: a person, an identifier (contact:hubspot:123), the id of a contact, user or device, an e-mail, a phone. conversion: its id (customer:hubspot:123), or that of its deal or contact. credit: a conversion, then a touchpoint by its id or its place in the path (default: the whole path)',
      ],
    ],
    options: [
      ['--model <name>', 'credit: the attribution model (default: the primary one of the config)'],
      ['--channel <name>', 'cac: the channel (default: all together)'],
      ['--period <period>', 'cac: one period: 2026-Q3, 2026-09, 2026-W36 or 2026-09-14'],
      ...GATE_OPTIONS.map(([flags, description]): [string, string] => [
        flags,
        `cac, conversion, credit: ${description}`,
      ]),
    ],
    details: [
      '[Where does this number come from?](answers.md) leads through it.',
      '`person` prints every identifier, the contacts and events that told they belong together, what they were seen with and why that joins nothing, and the merges and splits. An e-mail or phone is looked up by its key, which needs `identity.secret`. `--json` has keys whole, as `models/reference/denied_identifiers.csv` wants them. [identity.md](identity.md) explains the rules.',
      '`conversion` prints what it is, what its time rests on and when its source learnt of it, its people, every record that tells of it and which of them makes it, what its source tells, every touchpoint of its people with what each model gave it, or why nothing (before the lookback, after the conversion, known only after the credits were frozen), whether its credits are frozen and under which baseline, and what was learnt since.',
      '`credit` prints the rule of the model with its parameters, what each touchpoint of the path weighs and why, the credit that comes of it, the amount with the exchange rate, what would be credited now where that is not what was frozen, and the raw rows behind the touchpoint and the conversion: table, key, load, when it was loaded.',
      "`cac` prints the spend by campaign with accounts, days and exchange rates, the customers with their shares, the period before, the interval's parts, and what the status means. Customers are counted by the primary model, as reported. The parts are added up again and held against the mart: where a model of your own counts otherwise, the last line says so.",
      'An id that is unknown, or means several, ends with code 2 and the ids it could be.',
    ],
    examples: [
      'revops explain person contact:hubspot:9001',
      'revops explain person 9001 --json',
      'revops explain conversion customer:hubspot:1000555',
      'revops explain credit customer:hubspot:1000555 1',
      'revops explain credit customer:hubspot:1000555 --model markov',
      'revops explain cac --channel "Paid Search" --period 2026-10',
    ],
    onlyPrints: true,
    load: async () => (await import('../explain.ts')).explainCommand,
  },
  {
    name: 'trace',
    summary: 'follow a deal from the first touchpoint to what was paid',
    description:
      'Touchpoints of its people, the people, the stages, the win, the documents of billing and what the customer bought since, in order of time; where the chain touch → person → deal → revenue breaks, which link is missing and why.',
    words: [
      ['<subject>', 'deal', ['deal']],
      ['<id>', 'the id of the deal; source:id where several systems have it'],
    ],
    details: [
      'Prints touchpoints with their credit for the win (primary model, as reported), the people and when they became lead, mql and sql, the stages, the win, the documents of billing that belong to it, and renewals: later wins of the customer and how its recurring revenue moved, in order of time. Where the chain touch → person → deal → revenue breaks it names the link and why: no contact on the deal, no touchpoint, none in the lookback, not won, no amount, no document of billing.',
    ],
    examples: ['revops trace deal 1000555', 'revops trace deal hubspot:1000555 --json'],
    onlyPrints: true,
    load: async () => (await import('../trace.ts')).traceCommand,
  },
];
