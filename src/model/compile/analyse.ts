/**
 * What a SELECT reads: relations, functions, column names.
 */
import { childrenOf, commonTablesOf, descendantsOf, isNode, offsetOf, textOf, type AstNode } from './ast.ts';

export interface Reference {
  name: string;
  /** UTF-8 bytes from the start of the SQL, where known. */
  offset: number | undefined;
}

export interface Analysis {
  /** Relations read that are no CTE in scope, lower case; one entry per mention. */
  relations: Reference[];
  /** Relations named with a schema. */
  qualified: Reference[];
  /** Functions called by name, operators not. */
  functions: Reference[];
  /** Every column name that occurs, lower case. */
  columnNames: ReadonlySet<string>;
  /** Columns may be read without being named (renamed by position, whole rows): assume all are read. */
  readsUnnamedColumns: boolean;
  /** CTEs next to a recursive one that read an outer relation of their own name: Postgres would see a recursion. */
  recursiveClashes: Reference[];
}

/** Analyses one query node. */
export function analyse(root: AstNode): Analysis {
  const relations: Reference[] = [];
  const qualified: Reference[] = [];
  const recursiveClashes: Reference[] = [];
  const visit = (node: AstNode, scope: ReadonlySet<string>): void => {
    const inner = new Set(scope);
    const tables = commonTablesOf(node);
    const isRecursive = tables.some((table) => table.isRecursive);
    for (const table of tables) {
      const before = relations.length;
      visit(table.query, table.isRecursive ? new Set([...inner, table.name]) : inner);
      if (isRecursive)
        recursiveClashes.push(...relations.slice(before).filter((reference) => reference.name === table.name));
      inner.add(table.name);
    }
    if (node['type'] === 'BASE_TABLE') {
      const reference = { name: textOf(node, 'table_name'), offset: offsetOf(node) };
      if (textOf(node, 'schema_name') !== '' || textOf(node, 'catalog_name') !== '') {
        qualified.push({ ...reference, name: `${textOf(node, 'schema_name')}.${reference.name}` });
      } else if (!inner.has(reference.name)) relations.push(reference);
    }
    for (const child of childrenOf(node, 'cte_map')) visit(child, inner);
  };
  visit(root, new Set());
  return { relations, qualified, recursiveClashes, ...namesOf(root) };
}

// --- internal ---

function namesOf(root: AstNode): Pick<Analysis, 'functions' | 'columnNames' | 'readsUnnamedColumns'> {
  const functions: Reference[] = [];
  const columnNames = new Set<string>();
  const singleNames = new Set<string>();
  const tableNames = new Set<string>();
  // a CTE without a star holds only columns that something names
  const nodes = descendantsOf(root);
  const named = new Set(
    nodes
      .flatMap(commonTablesOf)
      .filter((table) => !hasStar(table.query, new Set()))
      .map((table) => table.name),
  );
  let readsUnnamedColumns = false;
  for (const node of nodes) {
    if ((node['class'] === 'FUNCTION' || node['class'] === 'WINDOW') && node['is_operator'] !== true) {
      functions.push({ name: textOf(node, 'function_name'), offset: offsetOf(node) });
    }
    const names = namesIn(node['column_names']);
    if (names.length === 1) singleNames.add(names[0] ?? '');
    for (const name of [...names, ...namesIn(node['using_columns'])]) columnNames.add(name);
    // a subquery that is an expression has a class, and its alias is a column's
    if (node['type'] === 'BASE_TABLE' || (node['type'] === 'SUBQUERY' && node['class'] === undefined)) {
      if (!named.has(textOf(node, 'table_name'))) tableNames.add(textOf(node, 'alias') || textOf(node, 'table_name'));
      if (namesIn(node['column_name_alias']).length > 0 && (node['type'] === 'BASE_TABLE' || hasStar(node, named)))
        readsUnnamedColumns = true;
    }
    if (node['type'] === 'SET_OPERATION_NODE' && childrenOf(node).some((side) => selectsStar(side, named)))
      readsUnnamedColumns = true;
    if (commonTablesOf(node).some((table) => table.aliases.length > 0 && hasStar(table.query, named)))
      readsUnnamedColumns = true;
  }
  // `select settings from settings` reads a whole row
  for (const name of singleNames) if (tableNames.has(name)) readsUnnamedColumns = true;
  return { functions, columnNames, readsUnnamedColumns };
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').map((name) => name.toLowerCase()) : [];
}

function hasStar(node: AstNode, named: ReadonlySet<string>): boolean {
  return descendantsOf(node).some((inner) => selectsStar(inner, named));
}

/** Whether a query selects `*` from anything but lists of values and relations whose columns are all named somewhere. */
function selectsStar(node: AstNode, named: ReadonlySet<string>): boolean {
  const list = Array.isArray(node['select_list']) ? (node['select_list'] as AstNode[]) : [];
  if (!list.some((item) => item['class'] === 'STAR') || !isNode(node['from_table'])) return false;
  return descendantsOf(node['from_table']).some(
    (from) => from['type'] === 'BASE_TABLE' && !named.has(textOf(from, 'table_name')),
  );
}
