import { descendantsOf, isNode, textOf, type AstNode } from './ast.ts';
import type { Analysis } from './analyse.ts';
import { closureOf, type Library, type LibraryFunction } from './functions.ts';

/**
 * Whether a SELECT over `source` gives for some of its rows just those of its rows that it gives for them among all:
 * nothing in it looks at more than one row. In doubt it does not.
 */
export function isRowWise(root: AstNode, analysis: Analysis, ofManyRows: ReadonlySet<string>): boolean {
  if (analysis.relations.length !== 1 || analysis.functions.some(({ name }) => ofManyRows.has(name))) return false;
  for (const node of descendantsOf(root)) {
    if (node['class'] === 'WINDOW' || WHOLE.has(textOf(node, 'type'))) return false;
    if (node['class'] === 'FUNCTION' && AGGREGATES.test(textOf(node, 'function_name'))) return false;
    if (Array.isArray(node['group_expressions']) && node['group_expressions'].length > 0) return false;
    if (isNode(node['having']) || isNode(node['qualify']) || isNode(node['sample'])) return false;
  }
  return true;
}

/**
 * Functions of DuckDB's library that may look at more than one row, by themselves or in what they call. In doubt they do. A
 * function of Postgres sees its arguments only.
 */
export function functionsOfManyRows(library: Library): Set<string> {
  const isWide = ({ sql }: LibraryFunction): boolean =>
    [...sql.matchAll(CALLS)].some(([, name = '']) => name === 'over' || AGGREGATES.test(name));
  return new Set([...library.keys()].filter((name) => closureOf([name], library).some(isWide)));
}

// --- internal ---

const CALLS = /\b(\w+)\s*\(/g;

/** Node types, lower case, whose rows depend on each other. */
const WHOLE: ReadonlySet<string> = new Set([
  'set_operation_node',
  'recursive_cte_node',
  'distinct_modifier',
  'limit_modifier',
  'limit_percent_modifier',
]);

const AGGREGATES =
  /^(count|count_star|sum|min|max|avg|first|last|any_value|string_agg|array_agg|list|bool_and|bool_or|mode|median|arg_m.*|max_by|min_by|quantile.*|(stddev|var|covar)_.*|corr|regr_.*)$/;
