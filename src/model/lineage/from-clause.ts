/**
 * The tables of a FROM clause, and what its joins decide about the rows.
 */
import { childrenOf, isNode, textOf, type AstNode } from '../compile/ast.ts';
import { computed, merged, type Dependencies } from './dependencies.ts';
import { dependenciesOf } from './expression.ts';
import { renamed, type Scope, type ScopeTable, type Shape, type Surroundings } from './scope.ts';

/** The scope with the tables of a FROM clause added: those before it are seen by lateral subqueries. */
export function fromClause(from: unknown, scope: Scope, around: Surroundings): { scope: Scope; filters: Dependencies } {
  if (!isNode(from)) return { scope, filters: new Map() };
  switch (from['type']) {
    case 'EMPTY':
      return { scope, filters: new Map() };
    case 'BASE_TABLE':
      return added(scope, from, tableShape(from, around));
    case 'SUBQUERY': {
      const query = isNode(from['subquery']) && isNode(from['subquery']['node']) ? from['subquery']['node'] : {};
      return added(scope, from, around.query(query, { ...around, outer: scope }));
    }
    case 'JOIN':
      return joined(from, scope, around);
    case 'EXPRESSION_LIST':
      return added(scope, from, valuesShape(from, scope, around));
    default:
      return addedUnknown(scope, from, around);
  }
}

// --- internal ---

function tableShape(node: AstNode, around: Surroundings): Shape {
  const name = textOf(node, 'table_name');
  return around.ctes.get(name) ?? around.relation(name);
}

function added(scope: Scope, node: AstNode, shape: Shape): { scope: Scope; filters: Dependencies } {
  const { columns } = renamed(shape, aliasesOf(node));
  const alias = textOf(node, 'alias') || textOf(node, 'table_name');
  const any = shape.any === undefined ? {} : { any: shape.any };
  return { scope: withTable(scope, { alias, columns, ...any }, shape.relations), filters: shape.filters };
}

/** Functions, pivots: every column may come from all they read. */
function addedUnknown(scope: Scope, node: AstNode, around: Surroundings): { scope: Scope; filters: Dependencies } {
  const inside = isNode(node['source']) ? fromClause(node['source'], emptyScope(scope), around) : undefined;
  const seen = inside?.scope ?? scope;
  const parts = childrenOf(node, 'source').map((child) => dependenciesOf(child, seen, around));
  const sources = (inside?.scope.tables ?? []).flatMap((table) => table.columns.map(({ from }) => from));
  const any = computed([...parts, ...sources]);
  const columns = aliasesOf(node).map((name) => ({ name: name.toLowerCase(), from: any }));
  const alias = textOf(node, 'alias') || (isNode(node['function']) ? textOf(node['function'], 'function_name') : '');
  const table = { alias, columns, ...(columns.length > 0 ? {} : { any }) };
  return {
    scope: withTable(scope, table, inside?.scope.relations ?? new Set()),
    filters: inside?.filters ?? new Map(),
  };
}

function joined(node: AstNode, scope: Scope, around: Surroundings): { scope: Scope; filters: Dependencies } {
  const left = fromClause(node['left'], scope, around);
  const both = fromClause(node['right'], left.scope, around);
  const right = both.scope.tables.slice(left.scope.tables.length);
  const using = Array.isArray(node['using_columns'])
    ? node['using_columns'].map((name) => String(name).toLowerCase())
    : [];
  const condition = isNode(node['condition']) ? [dependenciesOf(node['condition'], both.scope, around)] : [];
  const compared = [...left.scope.tables.slice(scope.tables.length), ...right].flatMap((table) =>
    table.columns.filter(({ name }) => using.includes(name)).map(({ from }) => from),
  );
  const kind = String(node['join_type']);
  return {
    // the rows of a semi or anti join are rows of its left side alone
    scope: kind === 'SEMI' || kind === 'ANTI' ? left.scope : merging(both.scope, left.scope.tables.length, using, kind),
    filters: merged([left.filters, both.filters, computed([...condition, ...compared])]),
  };
}

/** `using` gives one column of two: the left one's, the right one's of a right join, either's of a full one. */
function merging(scope: Scope, leftTables: number, using: readonly string[], kind: string): Scope {
  if (using.length === 0) return scope;
  const right = scope.tables.slice(leftTables);
  const hidden = new Set(using);
  const left = scope.tables.slice(0, leftTables).map((table) => ({
    ...table,
    columns: table.columns.map((column) => {
      const other = right.flatMap((one) => one.columns.find(({ name }) => name === column.name) ?? [])[0];
      if (!hidden.has(column.name) || other === undefined || !['RIGHT', 'OUTER', 'FULL'].includes(kind)) return column;
      return { ...column, from: kind === 'RIGHT' ? other.from : computed([column.from, other.from]) };
    }),
  }));
  return { ...scope, tables: [...left, ...right.map((table) => ({ ...table, hidden }))] };
}

function valuesShape(node: AstNode, scope: Scope, around: Surroundings): Shape {
  const rows = (Array.isArray(node['values']) ? node['values'] : []) as AstNode[][];
  const names = Array.isArray(node['expected_names']) ? node['expected_names'].map(String) : [];
  const columns = (rows[0] ?? []).map((_, index) => ({
    name: names[index]?.toLowerCase() ?? `col${index}`,
    from: merged(rows.flatMap((row) => (row[index] === undefined ? [] : [dependenciesOf(row[index], scope, around)]))),
  }));
  return { columns, filters: new Map(), relations: new Set() };
}

function withTable(scope: Scope, table: ScopeTable, relations: ReadonlySet<string>): Scope {
  return { ...scope, tables: [...scope.tables, table], relations: new Set([...scope.relations, ...relations]) };
}

function emptyScope(outer: Scope): Scope {
  return { tables: [], relations: new Set(), aliases: new Map(), outer };
}

function aliasesOf(node: AstNode): string[] {
  return Array.isArray(node['column_name_alias']) ? node['column_name_alias'].map(String) : [];
}
