/**
 * Reading DuckDB's serialised AST: plain JSON, walked without knowing every node.
 */
export type AstNode = Record<string, unknown>;

/** The parsed AST of all statements of a text. */
export function statementsOf(ast: string): AstNode[] {
  const parsed = JSON.parse(ast) as { statements: { node: AstNode }[] };
  return parsed.statements.map((statement) => statement.node);
}

/** The AST as text without positions: equal for SQL that differs in blanks, comments and keyword case only. */
export function canonicalOf(ast: string): string {
  // inside a string constant the quotes would be escaped, so only real keys match
  return ast.replaceAll(/"query_location":\d+,?/g, '').replaceAll(',}', '}');
}

export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The child nodes of a node, those inside of lists too, in order. */
export function childrenOf(node: AstNode, except?: string): AstNode[] {
  const found: AstNode[] = [];
  for (const key in node) if (key !== except) addNodes(node[key], found);
  return found;
}

/** A node and everything below it, parents before their children. */
export function descendantsOf(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  addDescendants(node, found);
  return found;
}

/** UTF-8 bytes from the start of the text, where the parser recorded it. */
export function offsetOf(node: AstNode): number | undefined {
  const location = node['query_location'];
  return typeof location === 'number' && location < Number.MAX_SAFE_INTEGER ? location : undefined;
}

/** The string in a field, lower case; empty where there is none. */
export function textOf(node: AstNode, field: string): string {
  const value = node[field];
  return typeof value === 'string' ? value.toLowerCase() : '';
}

export interface CommonTable {
  name: string;
  /** Column aliases of `with x(a, b) as …`. */
  aliases: string[];
  query: AstNode;
  isRecursive: boolean;
}

/** The CTEs a query node declares, in order. */
export function commonTablesOf(node: AstNode): CommonTable[] {
  const cteMap = node['cte_map'];
  const entries = isNode(cteMap) && Array.isArray(cteMap['map']) ? cteMap['map'].filter(isNode) : [];
  return entries.map((entry) => {
    const value = isNode(entry['value']) ? entry['value'] : {};
    const query = isNode(value['query']) && isNode(value['query']['node']) ? value['query']['node'] : {};
    return {
      name: textOf(entry, 'key'),
      aliases: Array.isArray(value['aliases']) ? value['aliases'].map(String) : [],
      query,
      isRecursive: query['type'] === 'RECURSIVE_CTE_NODE',
    };
  });
}

// --- internal ---

function addNodes(value: unknown, found: AstNode[]): void {
  if (Array.isArray(value)) for (const item of value) addNodes(item, found);
  else if (isNode(value)) found.push(value);
}

function addDescendants(value: unknown, found: AstNode[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addDescendants(item, found);
    return;
  }
  const node = value as AstNode;
  found.push(node);
  for (const key in node) addDescendants(node[key], found);
}
