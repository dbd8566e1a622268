/**
 * The columns that an expression can name, and where they come from.
 */
import type { AstNode } from '../compile/ast.ts';
import { computed, merged, rowsOf, type Dependencies } from './dependencies.ts';

export interface ShapeColumn {
  name: string;
  from: Dependencies;
}

/** What a query gives. */
export interface Shape {
  columns: ShapeColumn[];
  /** Where columns come from that are not among these: those of a pivot or a table function under `*`. */
  any?: Dependencies;
  /** What decides which rows there are and is no value of them: filters, joins, groups. */
  filters: Dependencies;
  /** The relations whose rows its rows are made of. */
  relations: ReadonlySet<string>;
}

/** What a query can see. */
export interface Surroundings {
  ctes: ReadonlyMap<string, Shape>;
  outer: Scope | undefined;
  /** What a relation that is no CTE gives. */
  relation(name: string): Shape;
  /** Told of names that mean nothing. */
  unresolved(name: string): void;
  /** What a query inside of another gives. */
  query(node: AstNode, around: Surroundings): Shape;
}

export interface ScopeTable {
  alias: string;
  columns: ShapeColumn[];
  /** A table whose columns are not known: what each of them comes from. */
  any?: Dependencies;
  /** Columns that `using` merged into those of a table before it: named by their table only. */
  hidden?: ReadonlySet<string>;
}

export interface Scope {
  tables: ScopeTable[];
  relations: ReadonlySet<string>;
  /** Columns of the select list under their aliases: DuckDB and `group by` know them. */
  aliases: Map<string, Dependencies>;
  outer: Scope | undefined;
}

/** A shape under other column names. */
export function renamed(shape: Shape, names: readonly string[]): Shape {
  const columns = shape.columns.map((column, index) => ({
    ...column,
    name: names[index]?.toLowerCase() ?? column.name,
  }));
  return { ...shape, columns };
}

/** What a name means; undefined where nothing has it. */
export function resolve(names: readonly string[], scope: Scope | undefined): Dependencies | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const found = resolveHere(names, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The columns of `*` or `table.*`, as they are written in a select list. */
export function starColumns(star: AstNode, scope: Scope): ShapeColumn[] {
  const relation = lower(star['relation_name']);
  const excluded = new Set([...listOf(star['exclude_list']), ...listOf(star['qualified_exclude_list'])].map(nameIn));
  return scope.tables
    .filter((table) => relation === '' || table.alias === relation)
    .flatMap((table) => table.columns.filter(({ name }) => relation !== '' || table.hidden?.has(name) !== true))
    .filter(({ name }) => !excluded.has(name));
}

/** What the columns of `*` come from that are not known by name. */
export function starUnknown(star: AstNode, scope: Scope): Dependencies[] {
  const relation = lower(star['relation_name']);
  return scope.tables.filter((table) => relation === '' || table.alias === relation).flatMap(({ any }) => any ?? []);
}

/** All that a table gives. */
export function wholeOf({ columns, any }: ScopeTable): Dependencies {
  return computed([...columns.map((column) => column.from), ...(any === undefined ? [] : [any])]);
}

/** The rows that a scope is made of. */
export function scopeRows(scope: Scope): Dependencies {
  return rowsOf(scope.relations);
}

// --- internal ---

function resolveHere(names: readonly string[], scope: Scope): Dependencies | undefined {
  const [first = '', second] = names;
  if (second !== undefined) {
    const table = scope.tables.find(({ alias }) => alias === first);
    const found = table === undefined ? undefined : columnIn(table, second);
    // further names are fields of the column
    if (found !== undefined) return names.length > 2 ? computed([found]) : found;
    const field = columnOf(scope, first);
    return field === undefined ? undefined : computed([field]);
  }
  const column = columnOf(scope, first) ?? scope.aliases.get(first);
  if (column !== undefined) return column;
  const row = scope.tables.find(({ alias }) => alias === first);
  return row === undefined ? undefined : wholeOf(row);
}

/** An unqualified column; one that `using` merged comes from all tables that have it. */
function columnOf(scope: Scope, name: string): Dependencies | undefined {
  const visible = scope.tables.filter((table) => table.hidden?.has(name) !== true);
  for (const table of visible) {
    const found = table.columns.find((column) => column.name === name);
    if (found !== undefined) return found.from;
  }
  const unknown = visible.flatMap((table) => table.any ?? []);
  return unknown.length === 0 ? undefined : merged(unknown);
}

function columnIn(table: ScopeTable, name: string): Dependencies | undefined {
  return table.columns.find((column) => column.name === name)?.from ?? table.any;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function nameIn(value: unknown): string {
  return typeof value === 'object' && value !== null ? lower((value as AstNode)['column']) : lower(value);
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
