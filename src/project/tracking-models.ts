/**
 * SQL models of the events of a tracking plan, with data tests, as files of the project.
 */
import { RevopsError } from '../errors.ts';
import { literal } from '../warehouse/sql.ts';
import type { PlannedEvent, PlannedProperty, TrackingPlan } from './tracking-plan.ts';

/** By this a generated file is known again. */
export const GENERATED = '# Made by `revops tracking codegen`: change the tracking plan, not this file.';

/**
 * Texts by path below the project's models; the same plan gives the same files, letter by letter. TRACKING_PLAN_INVALID
 * where two events would have one name.
 */
export function trackingModels({ events, file }: TrackingPlan): Record<string, string> {
  for (const [name, same] of Map.groupBy(Object.keys(events), modelName)) {
    if (same.length === 1) continue;
    throw new RevopsError('TRACKING_PLAN_INVALID', `${file}: ${same.join(' and ')} would both be the model ${name}`, {
      hint: 'Let one event have one name: the plan is where they are told apart.',
    });
  }
  const files = Object.entries(events).map(([name, event]) => [`core/${modelName(name)}.sql`, modelOf(name, event)]);
  return Object.fromEntries(files.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)));
}

/** The model of an event: `event_signed_up`. */
export function modelName(event: string): string {
  return `event_${columnName(event)}`;
}

// --- internal ---

/** Columns that every such model has before the event's own. */
const COMMON = [
  ['event_id', 'text', 'The event, as in `events`.', ['not_null', 'unique']],
  ['source', 'text', 'System whose copy this is.', ['not_null']],
  ['anonymous_id', 'text', 'Device or browser.', []],
  ['user_id', 'text', 'Id of the person in the product.', []],
] as const;

const COLUMN_TYPES: Record<PlannedProperty['type'], string> = {
  text: 'text',
  number: 'double',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  date: 'date',
  list: 'json',
  object: 'json',
};

/** `Plan Name` as `plan_name`. */
function columnName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return plain === '' ? 'unnamed' : /^[0-9]/.test(plain) ? `p_${plain}` : plain;
}

function modelOf(name: string, event: PlannedEvent): string {
  const properties = columnsOf(event);
  const about = event.description ?? event.purpose ?? `Events ${name}`;
  const columns = [
    ...COMMON.map(([column, type, description, tests]) => columnLine(column, type, description, [...tests])),
    ...properties.map(({ column, property, declared }) =>
      columnLine(
        column,
        COLUMN_TYPES[declared.type],
        declared.description ?? `Property ${property}.`,
        testsOf(declared, event.priority),
      ),
    ),
    columnLine('occurred_at', 'timestamptz', 'When it happened.', ['not_null']),
  ];
  return [
    '/*',
    GENERATED,
    `description: ${JSON.stringify(`${sentence(about)} One row per event.`)}`,
    'grain: [event_id]',
    'key: event_id',
    'tags: [tracking-plan]',
    'columns:',
    ...columns,
    '*/',
    'select',
    [
      ...COMMON.map(([column]) => `  ${column}`),
      ...properties.map(({ column, property, declared }) => `  ${valueOf(property, declared)} as ${column}`),
      '  occurred_at',
    ].join(',\n'),
    'from events',
    `where event_name = ${literal(name)}`,
    '',
  ].join('\n');
}

/** With a number behind a name that is there already. */
function columnsOf({ properties }: PlannedEvent): { column: string; property: string; declared: PlannedProperty }[] {
  const taken = new Set<string>([...COMMON.map(([column]) => column), 'occurred_at']);
  return Object.entries(properties).map(([property, declared]) => {
    const plain = columnName(property);
    let column = plain;
    for (let number = 2; taken.has(column); number += 1) column = `${plain}_${number}`;
    taken.add(column);
    return { column, property, declared };
  });
}

/** A critical event's tests stop the build; of others they warn. */
function testsOf({ required, values }: PlannedProperty, priority: PlannedEvent['priority']): string[] {
  const severity = priority === 'critical' ? '' : ', severity: warning';
  return [
    ...(required ? [severity === '' ? 'not_null' : `{ not_null: ${severity} }`] : []),
    ...(values === undefined ? [] : [`{ accepted_values: ${JSON.stringify(values)}${severity} }`]),
  ];
}

function columnLine(name: string, type: string, description: string, tests: readonly string[]): string {
  const tested = tests.length === 0 ? '' : `, tests: [${tests.join(', ')}]`;
  return `  ${name}: { type: ${type}, description: ${JSON.stringify(sentence(description))}${tested} }`;
}

/** A member of `properties` as its type; NULL where it is of another. */
function valueOf(property: string, { type }: PlannedProperty): string {
  const value = `json_text(properties, ${literal(property)})`;
  const kind = `json_kind(properties, ${literal(property)})`;
  if (type === 'text') return `case when ${kind} = 'text' then ${value} end`;
  if (type === 'list' || type === 'object')
    return `case when ${kind} = '${type}' then json_member(properties, ${literal(property)}) end`;
  if (type === 'number') return `case when ${kind} = 'number' then cast(${value} as double precision) end`;
  if (type === 'boolean') return `case when ${kind} = 'boolean' then cast(${value} as boolean) end`;
  const [pattern, sqlType] =
    type === 'date'
      ? ['^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 'date']
      : ['^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}', 'timestamptz'];
  return `case when ${kind} = 'text' and matches_pattern(${value}, '${pattern}') then cast(${value} as ${sqlType}) end`;
}

function sentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
