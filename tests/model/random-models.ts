/**
 * Small random model graphs over two sources of one feed and a list of labels. Every model has the columns source, id,
 * k1 (perhaps under another name), k2, n, due and note, unique by source and id, so that any can be read by any.
 */
import fc from 'fast-check';

import { model, type Files } from './project.ts';
import type { RawTableShape } from './synced.ts';

export const PLAIN: RawTableShape = {
  connector: 'plain',
  table: 'items',
  columns: { id: 'text', k1: 'text', k2: 'bigint', n: 'decimal(18,6)', due: 'date', note: 'json', noise: 'text' },
  primaryKey: ['id'],
};
export const VERSIONED: RawTableShape = {
  connector: 'versioned',
  table: 'items',
  columns: { id: 'text', version: 'bigint', k1: 'text', k2: 'bigint', n: 'decimal(18,6)', due: 'date' },
  primaryKey: ['id', 'version'],
};
export const LABELS: RawTableShape = {
  connector: 'labels',
  table: 'labels',
  columns: { code: 'text', weight: 'decimal(18,6)', unread: 'text' },
  primaryKey: ['code'],
};

export interface RandomNode {
  template: keyof typeof TEMPLATES;
  /** Which of the keys that are right for the template; 9: none. */
  key: number;
  /** Which of the models before it, the feed being the first. */
  parents: [number, number];
  k1: 'k1' | 'owner';
  /** Whether its header tells the ways from its lookups to its key. */
  isMapped: boolean;
  /** A constant in its SQL; another one is another definition. */
  constant: number;
}

/** The files of a project with these models: `core.m1`, `core.m2`, …; each reads some of those before it. */
export function filesOf(nodes: readonly RandomNode[], isStagingTable: boolean): Files {
  const made: Parent[] = [{ name: 'items_feed', k1: 'k1' }];
  const files: Files = { ...BASE };
  if (isStagingTable) {
    const path = 'models/staging/versioned/items.sql';
    files[path] = (files[path] ?? '').replace('\nfeeds:', '\nmaterialized: table\nkey: id\nfeeds:');
  }
  nodes.forEach((node, index) => {
    const parents = node.parents.map((at) => made[at % made.length] ?? FEED) as [Parent, Parent];
    const own = { name: `m${index + 1}`, k1: node.k1 };
    const template = TEMPLATES[node.template];
    const sql = template.sql(parents[0], parents[1], node);
    const read = new Set([parents[0].name, ...(template.isPair ? [parents[1].name] : [])]);
    const key = node.key === 9 ? undefined : template.keys[node.key % template.keys.length];
    files[`models/core/${own.name}.sql`] = model(
      ['source text', 'id text', `${own.k1} text`, 'k2 bigint', 'n decimal(18,6)', 'due date', 'note json'],
      `select source, id, k1 as ${own.k1}, k2, cast(n + ${node.constant} as decimal(18,6)) as n, due, note from (\n${sql}\n) as made`,
      [
        'grain: [source, id]',
        ...keyHeader(key, own.k1, parents, { read, lookup: template.isLookup === true ? parents[1].name : undefined }),
        ...lookups(node, key, parents),
        ...wakes(node, key, parents[0]),
      ].join('\n'),
    );
    made.push(own);
  });
  return files;
}

export const randomNode: fc.Arbitrary<RandomNode> = fc.record({
  template: fc.constantFrom(
    ...([
      'filter',
      'by_k1',
      'by_both',
      'ranked',
      'self_joined',
      'labelled',
      'labelled',
      'united',
      'joined',
      'looked_up',
      'looked_up',
      'chained',
      'chained',
      'scaled',
      'ripe',
      'listed',
    ] as const),
  ),
  key: fc.constantFrom(0, 0, 1, 1, 2, 2, 9),
  parents: fc.tuple(fc.nat(5), fc.nat(5)),
  k1: fc.constantFrom('k1', 'owner'),
  isMapped: fc.boolean(),
  constant: fc.constantFrom(0, 0, 1),
});

// --- internal ---

interface Parent {
  name: string;
  k1: 'k1' | 'owner';
}

interface Template {
  /** Keys of which the SQL gives a row of the key from rows of the key alone. */
  keys: string[][];
  isPair?: boolean;
  /** The second parent is joined by something else than the key. */
  isLookup?: boolean;
  sql(parent: Parent, other: Parent, node: RandomNode): string;
}

const FEED: Parent = { name: 'items_feed', k1: 'k1' };
const COLUMNS = 'source, id, k1, k2, n, due, note';

/** The parent's rows with k1 under that name. */
function rows({ name, k1 }: Parent): string {
  return `(select source, id, ${k1} as k1, k2, n, due, note from ${name})`;
}

const TEMPLATES = {
  filter: {
    keys: [['source', 'id'], ['k1'], ['k1', 'k2']],
    sql: (parent) => `select ${COLUMNS} from ${rows(parent)} as p where n <> 3 or n is null`,
  },
  by_k1: {
    keys: [['k1']],
    sql: (parent) =>
      `select 'by_k1' as source, coalesce(k1, 'none') as id, k1, max(k2) as k2, cast(sum(n) as decimal(18,6)) as n, max(due) as due, cast(null as json) as note from ${rows(parent)} as p group by k1 having count(*) > 1`,
  },
  by_both: {
    keys: [['k1', 'k2'], ['k1'], ['k2']],
    sql: (parent) =>
      `select 'by_both' as source, coalesce(k1, 'none') || ':' || coalesce(cast(k2 as text), 'none') as id, k1, k2, cast(count(n) as decimal(18,6)) as n, min(due) as due, cast(null as json) as note from ${rows(parent)} as p group by k1, k2`,
  },
  ranked: {
    keys: [['k1', 'k2'], ['k1'], ['k2']],
    sql: (parent) =>
      `select source, id, k1, k2, cast(row_number() over (partition by k1, k2 order by n nulls last, source, id) as decimal(18,6)) as n, due, note from ${rows(parent)} as p`,
  },
  self_joined: {
    keys: [['k1']],
    sql: (parent) =>
      `select p.source, p.id, p.k1, p.k2, sums.n, p.due, p.note from ${rows(parent)} as p left join (select k1, cast(sum(n) as decimal(18,6)) as n from ${rows(parent)} as q group by k1) as sums on sums.k1 is not distinct from p.k1`,
  },
  labelled: {
    keys: [['source', 'id'], ['k1']],
    sql: (parent) =>
      `select p.source, p.id, p.k1, p.k2, cast(p.n + coalesce(labels_feed.weight, 0) as decimal(18,6)) as n, p.due, p.note from ${rows(parent)} as p left join labels_feed on labels_feed.code = p.k1`,
  },
  united: {
    keys: [['k1'], ['k1', 'k2'], ['id']],
    isPair: true,
    sql: (parent, other) =>
      `select 'one:' || source as source, id, k1, k2, n, due, note from ${rows(parent)} as p union all select 'two:' || source, id, k1, k2, -n, due, note from ${rows(other)} as q`,
  },
  joined: {
    keys: [['k1']],
    isPair: true,
    sql: (parent, other) =>
      `select p.source, p.id, p.k1, p.k2, others.n, p.due, p.note from ${rows(parent)} as p inner join (select k1, cast(count(*) as decimal(18,6)) as n from ${rows(other)} as q group by k1) as others on others.k1 = p.k1`,
  },
  looked_up: {
    keys: [['source', 'id'], ['k1'], ['k1', 'k2']],
    isPair: true,
    isLookup: true,
    sql: (parent, other) =>
      `select p.source, p.id, p.k1, p.k2, others.n, p.due, p.note from ${rows(parent)} as p left join (select id, cast(sum(n) as decimal(18,6)) as n from ${rows(other)} as q group by id) as others on others.id = coalesce(cast(p.k2 as text), p.k1)`,
  },
  chained: {
    keys: [['source', 'id'], ['k1']],
    isPair: true,
    isLookup: true,
    sql: (parent, other) =>
      `select p.source, p.id, p.k1, p.k2, cast(coalesce(p.n, 0) + coalesce(labels_feed.weight, 0) as decimal(18,6)) as n, p.due, p.note from ${rows(parent)} as p left join (select id, min(k1) as k1 from ${rows(other)} as q group by id) as others on others.id = p.k1 left join labels_feed on labels_feed.code = others.k1`,
  },
  scaled: {
    keys: [
      ['source', 'id'],
      ['k1', 'k2'],
    ],
    sql: (parent) =>
      `select source, id, k1, k2, cast(n * settings.factor as decimal(18,6)) as n, due, note from ${rows(parent)} as p cross join settings`,
  },
  ripe: {
    keys: [['source', 'id'], ['k1']],
    sql: (parent, _, node) =>
      `select ${COLUMNS} from ${rows(parent)} as p cross join clock where due ${node.constant === 0 ? '<=' : '<'} clock.today`,
  },
  // it has rows of keys that its parent does not have yet, or no more
  listed: {
    keys: [['source', 'id']],
    sql: (parent) =>
      `select listed.source, listed.id, p.k1, p.k2, coalesce(p.n, -1) as n, p.due, p.note from (select sources.source, ids.id from (values ('plain'), ('versioned')) as sources(source) cross join (values ('1'), ('2'), ('3'), ('4'), ('5')) as ids(id)) as listed left join ${rows(parent)} as p on p.source = listed.source and p.id = listed.id`,
  },
} satisfies Record<string, Template> as Record<
  | 'filter'
  | 'by_k1'
  | 'by_both'
  | 'ranked'
  | 'self_joined'
  | 'labelled'
  | 'united'
  | 'joined'
  | 'looked_up'
  | 'chained'
  | 'scaled'
  | 'ripe'
  | 'listed',
  Template
>;

function keyHeader(
  key: readonly string[] | undefined,
  k1: string,
  parents: readonly Parent[],
  { read, lookup }: { read: ReadonlySet<string>; lookup: string | undefined },
): string[] {
  if (key === undefined) return [];
  const entries = key.map((name) => {
    const own = name === 'k1' ? k1 : name;
    const names = new Map<string, string>();
    for (const parent of parents) {
      if (parent.name === lookup) names.set(parent.name, 'null');
      else if (name === 'k1' && read.has(parent.name) && parent.k1 !== k1) names.set(parent.name, parent.k1);
    }
    return `${own}: { ${[...names].map(([parent, there]) => `${parent}: ${there}`).join(', ')} }`;
  });
  return [`key: { ${entries.join(', ')} }`];
}

/** The ways of the two templates that join by columns. One parent in both roles carries the key, and is no lookup. */
function lookups(
  { template, isMapped }: RandomNode,
  key: readonly string[] | undefined,
  [parent, other]: readonly [Parent, Parent],
): string[] {
  if (!isMapped || key === undefined) return [];
  if (template === 'labelled') return [`lookups: { labels_feed: { code: ${parent.name}.${parent.k1} } }`];
  if (template !== 'chained' || parent.name === other.name) return [];
  return [
    `lookups: { ${other.name}: { id: ${parent.name}.${parent.k1} }, labels_feed: { code: ${other.name}.${other.k1} } }`,
  ];
}

function wakes({ template }: RandomNode, key: readonly string[] | undefined, parent: Parent): string[] {
  return template === 'ripe' && key !== undefined ? [`wakes_at: ${parent.name}.due`] : [];
}

const FEED_COLUMNS =
  'columns:\n  source: { type: text, description: S. }\n  id: { type: text, description: I. }\n  k1: { type: text, description: K. }\n  k2: { type: bigint, description: K. }\n  n: { type: "decimal(18,6)", description: N. }\n  due: { type: date, description: D. }\n  note: { type: json, description: N. }\n';
const LISTED = ['source text', 'id text', 'k1 text', 'k2 bigint', 'n decimal(18,6)', 'due date', 'note json'];

const BASE: Files = {
  'models/reference/inputs.yml': [
    'settings:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { factor: { type: integer, description: F. } }',
    'clock:',
    '  filled_by: engine',
    '  description: One row.',
    '  columns: { now_at: { type: timestamptz, description: N. }, today: { type: date, description: T. } }',
  ].join('\n'),
  'models/feeds/items.yml': `description: Items.\ngrain: [source, id]\n${FEED_COLUMNS}`,
  'models/feeds/labels.yml':
    'description: Labels.\ngrain: [code]\ncolumns:\n  code: { type: text, description: C. }\n  weight: { type: "decimal(18,6)", description: W. }\n',
  'models/staging/plain/items.sql': model(
    LISTED,
    "select 'plain' as source, id, nullif(k1, '') as k1, k2, n, due, note from source where not _deleted",
    'grain: [id]\nsource: plain.items\nreads: { id: text, k1: text, k2: bigint, n: "decimal(18,6)", due: date, note: json, _deleted: boolean }\nfeeds: items',
  ),
  // what a row gives depends on the others of its id: the newest version, and what the one before it said
  'models/staging/versioned/items.sql': model(
    LISTED,
    "select 'versioned' as source, id, k1, coalesce(k2, previous_k2) as k2, n, due, cast(null as json) as note from (select *, lag(k2) over (partition by id order by version) as previous_k2, row_number() over (partition by id order by version desc nulls last) as recency from source where not _deleted) as ranked where recency = 1",
    'grain: [id]\nsource: versioned.items\nreads: { id: text, version: bigint, k1: text, k2: bigint, n: "decimal(18,6)", due: date, _deleted: boolean }\nfeeds: items',
  ),
  'models/staging/labels/labels.sql': model(
    ['code text', 'weight decimal(18,6)'],
    'select code, weight from source where not _deleted',
    'grain: [code]\nsource: labels.labels\nreads: { code: text, weight: "decimal(18,6)", _deleted: boolean }\nfeeds: labels',
  ),
};
