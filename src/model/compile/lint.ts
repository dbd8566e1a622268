/**
 * The rules of the portable subset, checked on the AST.
 */
import { descendantsOf, isNode, offsetOf, textOf, type AstNode } from './ast.ts';
import { didYouMean } from '../../nearest.ts';
import * as portable from './portable.ts';
import { maskSql } from '../read/mask.ts';

export interface Finding {
  message: string;
  /** UTF-8 bytes from the start of the SQL, where known. */
  offset: number | undefined;
}

/** What in a SELECT is not portable; `library` are the names of the project's own functions. */
export function lint(root: AstNode, sql: string, library: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [...spellings(sql)];
  for (const select of outputsOf(root)) {
    const star = (select['select_list'] as AstNode[]).find((item) => item['class'] === 'STAR');
    if (star !== undefined)
      findings.push({ message: 'the final select names its columns: no *', offset: offsetOf(star) });
  }
  // the function of a table function is judged with it
  const judged = new Set<AstNode>();
  for (const node of descendantsOf(root)) {
    if (node['type'] === 'TABLE_FUNCTION' && isNode(node['function'])) judged.add(node['function']);
    const message = judged.has(node) ? undefined : breachOf(node, library);
    if (message !== undefined) findings.push({ message, offset: offsetNear(node) });
  }
  return findings;
}

// --- internal ---

/** The selects whose columns the query gives: both sides of a union. */
function outputsOf(node: AstNode): AstNode[] {
  if (node['type'] === 'SELECT_NODE') return [node];
  return [node['left'], node['right']].filter(isNode).flatMap(outputsOf);
}

/** The node's own place, else that of the first part of it that has one. */
function offsetNear(node: AstNode): number | undefined {
  for (const inner of descendantsOf(node)) if (offsetOf(inner) !== undefined) return offsetOf(inner);
  return undefined;
}

function breachOf(node: AstNode, library: ReadonlySet<string>): string | undefined {
  const kind = node['class'] ?? node['type'];
  return typeof kind === 'string' ? RULES[kind]?.(node, library) : undefined;
}

const RULES: Record<string, (node: AstNode, library: ReadonlySet<string>) => string | undefined> = {
  FUNCTION: (node, library) => {
    const name = textOf(node, 'function_name');
    if (node['is_operator'] === true) {
      if (!portable.PORTABLE_OPERATORS.has(name)) return `the operator ${name} is not portable`;
      return name === '/' && !hasNumericCast(node)
        ? 'a division casts an operand explicitly: cast(x as double precision) / y'
        : undefined;
    }
    return isPercentile(node) ? undefined : functionBreach(name, library);
  },
  WINDOW: (node, library) => functionBreach(textOf(node, 'function_name'), library),
  TABLE_FUNCTION: (node) => {
    const name = isNode(node['function']) ? textOf(node['function'], 'function_name') : '';
    return portable.PORTABLE_TABLE_FUNCTIONS.has(name)
      ? undefined
      : `the table function ${name} is not portable; models read relations`;
  },
  COLUMN_REF: (node) => {
    const names = node['column_names'];
    const name = Array.isArray(names) && names.length === 1 ? String(names[0]).toLowerCase() : '';
    return portable.CLOCK_NAMES.has(name) ? `${name}: time is an input; read the relation clock` : undefined;
  },
  CAST: (node) => {
    const type = isNode(node['cast_type']) ? node['cast_type'] : {};
    const info = isNode(type['type_info']) ? type['type_info'] : {};
    const id = type['id'] === 'UNBOUND' ? textOf(info, 'name') : String(type['id']);
    if (node['try_cast'] === true) return 'try_cast is not portable';
    return portable.PORTABLE_TYPES.has(id) ? undefined : `the type ${id} is not portable`;
  },
  STAR: (node) => {
    const lists = ['exclude_list', 'replace_list', 'qualified_exclude_list', 'rename_list'];
    const isPlain =
      node['columns'] !== true && lists.every((list) => !Array.isArray(node[list]) || node[list].length === 0);
    return isPlain ? undefined : 'exclude, replace and columns() are not portable';
  },
  SELECT_NODE: (node) => {
    if (node['qualify'] !== null) return 'qualify is not portable: filter row_number() in a CTE';
    if (node['aggregate_handling'] !== 'STANDARD_HANDLING') return 'group by all is not portable: name the columns';
    return node['sample'] !== null ? 'sampling is not portable' : undefined;
  },
  BASE_TABLE: (node) => (isNode(node['sample']) ? 'sampling is not portable' : undefined),
  JOIN: (node) => {
    if (node['ref_type'] === 'NATURAL') return 'natural joins hide what they join on: write using (…)';
    if (node['ref_type'] === 'ASOF' || node['ref_type'] === 'POSITIONAL')
      return 'asof and positional joins are not portable';
    return ['SEMI', 'ANTI'].includes(String(node['join_type']))
      ? 'semi and anti joins are not portable: write exists (…)'
      : undefined;
  },
  DISTINCT_MODIFIER: (node) =>
    Array.isArray(node['distinct_on_targets']) && node['distinct_on_targets'].length > 0
      ? 'distinct on is not portable: filter row_number() in a CTE'
      : undefined,
  DESCENDING: (node) =>
    node['null_order'] === 'ORDER_DEFAULT'
      ? 'the engines place NULLs differently in desc: write nulls first or nulls last'
      : undefined,
  LAMBDA: () => 'lambdas are not portable; for JSON write ->> with a quoted key on a cast column',
};

/** `percentile_cont(0.5) within group (order by x)`: DuckDB's parser calls it by its own function, without the operand. */
function isPercentile(node: AstNode): boolean {
  const ordered = isNode(node['order_bys']) ? node['order_bys']['orders'] : [];
  return (
    ['quantile_cont', 'quantile_disc'].includes(textOf(node, 'function_name')) &&
    Array.isArray(node['children']) &&
    node['children'].length === 1 &&
    Array.isArray(ordered) &&
    ordered.length === 1
  );
}

function functionBreach(name: string, library: ReadonlySet<string>): string | undefined {
  if (library.has(name) || portable.PORTABLE_FUNCTIONS.has(name)) return undefined;
  if (portable.CLOCK_FUNCTIONS.has(name))
    return `${name}() gives something else each time; time is an input: read the relation clock`;
  return `${name}() is neither portable nor in the function library${didYouMean(name, [...library, ...portable.PORTABLE_FUNCTIONS])}`;
}

function hasNumericCast(division: AstNode): boolean {
  return descendantsOf(division).some(
    (node) =>
      node['class'] === 'CAST' &&
      isNode(node['cast_type']) &&
      ['DOUBLE', 'DECIMAL'].includes(String(node['cast_type']['id'])),
  );
}

/** Type names that only DuckDB knows; the AST no longer tells how a type was spelled. */
function spellings(sql: string): Finding[] {
  const names = Object.keys(portable.TYPE_SPELLINGS).join('|');
  const pattern = new RegExp(`(?:::\\s*|\\bas\\s+)(${names})\\b(?!\\s+precision)(?=\\s*(\\)|.))`, 'gi');
  const masked = maskSql(sql);
  return [...masked.matchAll(pattern)]
    .filter((match) => match[0].startsWith('::') || match[2] === ')')
    .map((match) => ({
      message: `Postgres has no type ${match[1] ?? ''}: write ${portable.TYPE_SPELLINGS[(match[1] ?? '').toLowerCase()] ?? ''}`,
      offset: Buffer.byteLength(sql.slice(0, match.index)),
    }));
}
