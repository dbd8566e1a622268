/**
 * From the AST of a query to where each of its columns comes from: through CTEs, subqueries, joins, unions and stars.
 */
import { commonTablesOf, isNode, textOf, type AstNode, type CommonTable } from '../compile/ast.ts';
import { computed, merged, type Dependencies } from './dependencies.ts';
import { dependenciesOf, nameOf } from './expression.ts';
import { fromClause } from './from-clause.ts';
import {
  renamed,
  starColumns,
  starUnknown,
  type Scope,
  type Shape,
  type ShapeColumn,
  type Surroundings,
} from './scope.ts';

/** What a query gives, given what the relations it reads are. */
export function shapeOfQuery(
  node: AstNode,
  { relation, unresolved }: Pick<Surroundings, 'relation' | 'unresolved'>,
): Shape {
  return queryShape(node, { ctes: new Map(), outer: undefined, relation, unresolved, query: queryShape });
}

// --- internal ---

const EMPTY: Shape = { columns: [], filters: new Map(), relations: new Set() };

function queryShape(node: AstNode, around: Surroundings): Shape {
  const inner = withCommonTables(node, around);
  if (node['type'] === 'SELECT_NODE') return selectShape(node, inner);
  if (node['type'] === 'SET_OPERATION_NODE') return unionShape(node, inner);
  if (node['type'] === 'RECURSIVE_CTE_NODE') return recursiveShape(node, inner);
  // a materialised CTE stands around the query that reads it
  const rest = [node['child'], node['left'], node['right']].filter(isNode);
  return rest.length === 0 ? EMPTY : merge(rest.map((query) => queryShape(query, inner)));
}

function withCommonTables(node: AstNode, around: Surroundings): Surroundings {
  const ctes = new Map(around.ctes);
  const inner = { ...around, ctes };
  for (const table of commonTablesOf(node)) ctes.set(table.name, renamed(commonShape(table, inner), table.aliases));
  return inner;
}

function commonShape({ query, name, isRecursive, aliases }: CommonTable, around: Surroundings): Shape {
  if (!isRecursive) return queryShape(query, around);
  return recursiveShape({ ...query, cte_name: name, aliases }, around);
}

/** The second part reads the first; what it adds is read again until nothing new comes. */
function recursiveShape(node: AstNode, around: Surroundings): Shape {
  const [left, right] = [node['left'], node['right']];
  if (!isNode(left) || !isNode(right)) return EMPTY;
  const name = textOf(node, 'cte_name');
  const aliases = Array.isArray(node['aliases']) ? node['aliases'].map(String) : [];
  let shape = queryShape(left, around);
  for (let size = -1; size !== sizeOf(shape);) {
    size = sizeOf(shape);
    const known = renamed(shape, aliases);
    shape = merge([shape, queryShape(right, { ...around, ctes: new Map([...around.ctes, [name, known]]) })]);
  }
  return shape;
}

function sizeOf({ columns, filters }: Shape): number {
  const parts = [filters, ...columns.map(({ from }) => from)];
  return parts.reduce(
    (sum, part) => sum + part.size + [...part.values()].filter((use) => use === 'computed').length,
    0,
  );
}

function unionShape(node: AstNode, around: Surroundings): Shape {
  const arms = (Array.isArray(node['children']) ? node['children'] : [node['left'], node['right']]).filter(isNode);
  const shapes = arms.map((arm) => queryShape(arm, around));
  const kind = String(node['setop_type']);
  if (kind === 'UNION_BY_NAME') return mergeByName(shapes);
  if (kind === 'UNION') return merge(shapes);
  // rows of the first, as far as the others have them or not
  const [first = EMPTY, ...others] = shapes;
  const compared = others.flatMap((other) => [other.filters, ...other.columns.map(({ from }) => from)]);
  const relations = new Set(shapes.flatMap((shape) => [...shape.relations]));
  return { ...first, filters: merged([first.filters, computed(compared)]), relations };
}

/** Columns under each other, by position. */
function merge(shapes: readonly Shape[]): Shape {
  const [first = EMPTY] = shapes;
  const unknown = shapes.flatMap(({ any }) => any ?? []);
  return {
    columns: first.columns.map(({ name }, index) => ({
      name,
      from: merged(shapes.flatMap((shape) => shape.columns[index]?.from ?? [])),
    })),
    ...(unknown.length === 0 ? {} : { any: merged(unknown) }),
    filters: merged(shapes.map((shape) => shape.filters)),
    relations: new Set(shapes.flatMap((shape) => [...shape.relations])),
  };
}

function mergeByName(shapes: readonly Shape[]): Shape {
  const names = [...new Set(shapes.flatMap((shape) => shape.columns.map(({ name }) => name)))];
  const arm = (shape: Shape): Shape => ({
    ...shape,
    columns: names.map((name) => ({
      name,
      from: shape.columns.find((column) => column.name === name)?.from ?? new Map(),
    })),
  });
  return merge(shapes.map(arm));
}

function selectShape(node: AstNode, around: Surroundings): Shape {
  const from = fromClause(
    node['from_table'],
    { tables: [], relations: new Set(), aliases: new Map(), outer: around.outer },
    around,
  );
  const { scope } = from;
  const columns: ShapeColumn[] = [];
  const items = Array.isArray(node['select_list']) ? node['select_list'].filter(isNode) : [];
  for (const item of items) {
    const found = outputsOf(item, scope, around);
    columns.push(...found);
    for (const { name, from: sources } of found) if (!scope.aliases.has(name)) scope.aliases.set(name, sources);
  }
  const unknown = items.flatMap((item) => (item['class'] === 'STAR' ? starUnknown(item, scope) : []));
  const filters = [from.filters, computed(conditionsOf(node).map((part) => dependenciesOf(part, scope, around)))];
  const any = unknown.length === 0 ? {} : { any: merged(unknown) };
  return { columns, ...any, filters: merged(filters), relations: scope.relations };
}

function outputsOf(item: AstNode, scope: Scope, around: Surroundings): ShapeColumn[] {
  if (item['class'] !== 'STAR') {
    return [{ name: nameOf(item), from: dependenciesOf(item, scope, around) }];
  }
  const replaced = new Map<string, Dependencies>();
  for (const entry of Array.isArray(item['replace_list']) ? item['replace_list'].filter(isNode) : []) {
    if (isNode(entry['value'])) replaced.set(textOf(entry, 'key'), dependenciesOf(entry['value'], scope, around));
  }
  return starColumns(item, scope).map((column) => ({ ...column, from: replaced.get(column.name) ?? column.from }));
}

/** The parts of a select that decide about its rows. An order alone does not; with a limit it does. */
function conditionsOf(node: AstNode): AstNode[] {
  const modifiers = Array.isArray(node['modifiers']) ? node['modifiers'].filter(isNode) : [];
  const isLimited = modifiers.some((modifier) => textOf(modifier, 'type').startsWith('limit'));
  const deciding = modifiers.filter((modifier) => modifier['type'] !== 'ORDER_MODIFIER' || isLimited);
  const groups = Array.isArray(node['group_expressions']) ? node['group_expressions'] : [];
  return [node['where_clause'], node['having'], node['qualify'], ...groups, ...deciding].filter(isNode);
}
