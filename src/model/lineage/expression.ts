/**
 * What an expression is computed from.
 */
import { childrenOf, isNode, textOf, type AstNode } from '../compile/ast.ts';
import { computed, merged, rowsOf, type Dependencies } from './dependencies.ts';
import { resolve, scopeRows, starColumns, starUnknown, type Scope, type Surroundings } from './scope.ts';

/** A column alone is passed on as it is; anything around it computes. */
export function dependenciesOf(node: AstNode, scope: Scope, around: Surroundings): Dependencies {
  switch (node['class']) {
    case 'COLUMN_REF':
      return columnDependencies(node, scope, around);
    case 'SUBQUERY':
      return subqueryDependencies(node, scope, around);
    case 'STAR':
      return computed([...starColumns(node, scope).map((column) => column.from), ...starUnknown(node, scope)]);
    default: {
      const parts = childrenOf(node).map((child) => dependenciesOf(child, scope, around));
      const all = computed(parts);
      return countsRows(node) || (node['class'] === 'WINDOW' && all.size === 0) ? merged([all, scopeRows(scope)]) : all;
    }
  }
}

/** The name under which an expression of a select list is known. */
export function nameOf(node: AstNode): string {
  const alias = textOf(node, 'alias');
  if (alias !== '') return alias;
  const names = node['column_names'];
  if (Array.isArray(names)) return String(names.at(-1)).toLowerCase();
  return textOf(node, 'function_name');
}

// --- internal ---

function columnDependencies(node: AstNode, scope: Scope, around: Surroundings): Dependencies {
  const names = (Array.isArray(node['column_names']) ? node['column_names'] : []).map((name) =>
    String(name).toLowerCase(),
  );
  const found = resolve(names, scope);
  if (found === undefined) around.unresolved(names.join('.'));
  return found ?? new Map();
}

/** `exists` asks whether there are rows; the others give a value, which what filters them decides. */
function subqueryDependencies(node: AstNode, scope: Scope, around: Surroundings): Dependencies {
  const subquery = isNode(node['subquery']) && isNode(node['subquery']['node']) ? node['subquery']['node'] : undefined;
  const own = isNode(node['child']) ? [dependenciesOf(node['child'], scope, around)] : [];
  if (subquery === undefined) return computed(own);
  const shape = around.query(subquery, { ...around, outer: scope });
  const values = node['subquery_type'] === 'EXISTS' ? [rowsOf(shape.relations)] : shape.columns.map(({ from }) => from);
  return computed([...own, ...values, shape.filters]);
}

function countsRows(node: AstNode): boolean {
  const name = textOf(node, 'function_name');
  const isCount =
    name === 'count_star' || (name === 'count' && childrenOf({ children: node['children'] }).length === 0);
  return isCount && ['FUNCTION', 'WINDOW'].includes(String(node['class']));
}
