/**
 * `revops lineage`: where a column comes from, and what comes of it.
 */
import { RevopsError } from '../errors.ts';
import {
  columnsNamed,
  filtersOf,
  lineageOf,
  trace,
  type Direction,
  type Lineage,
  type LineageNode,
  type Traced,
} from '../model/lineage/index.ts';
import { compileModels } from '../project/overlay.ts';
import type { CommandContext, Options } from './context.ts';
import { openProject } from './session.ts';

export async function lineageCommand(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const lineage = lineageOf(await compileModels(await openProject(context)));
  const columns = columnsNamed(lineage, words[0] ?? '');
  const directions: Direction[] =
    options['down'] !== true ? ['up'] : options['up'] === true ? ['up', 'down'] : ['down'];
  // a whole model: what each column is made of; its way is asked column by column
  const depth = depthOf(options['depth']) ?? (columns.length === 1 ? Infinity : 1);
  const filters = options['filters'] === true;
  const traced = columns.map((column) => ({
    column,
    trees: directions.map((direction) => ({
      direction,
      tree: trace(lineage, column.id, { direction, depth, filters }),
    })),
  }));
  if (context.globals.json) {
    return context.terminal.printJson({
      columns: traced.map(({ column, trees }) => ({
        column: nameOf(column),
        rows_decided_by: filterNames(lineage, column),
        ...Object.fromEntries(trees.map(({ direction, tree }) => [direction, edgesIn(tree, direction)])),
      })),
    });
  }
  const parts = traced.flatMap(({ column, trees }) =>
    trees.map(({ direction, tree }) =>
      renderLineage(tree, direction, columns.length === 1 && !filters ? filterNames(lineage, column) : []),
    ),
  );
  context.terminal.print(parts.join('\n\n'));
}

/** One tree as text, and the columns that decide about its rows without being values. */
export function renderLineage(tree: Traced, direction: Direction, rowsDecidedBy: readonly string[]): string {
  const none = direction === 'up' ? 'no column: a constant, or a column that is loaded' : 'nothing reads it';
  const lines = [nameOf(tree.node), ...(tree.children.length === 0 ? [`└─ ${none}`] : branches(tree.children, ''))];
  if (direction === 'up' && rowsDecidedBy.length > 0)
    lines.push('', `Its rows are filtered, joined or grouped by ${rowsDecidedBy.join(', ')}.`);
  return lines.join('\n');
}

// --- internal ---

/** `core.deals.amount`, `raw_crm.deals.amount`; `rows of core.deals`. */
function nameOf({ schema, relation, column }: LineageNode): string {
  const full = relation.includes('.') ? relation : `${schema}.${relation}`;
  return column === '*' ? `rows of ${full}` : `${full}.${column}`;
}

function branches(children: readonly Traced[], indent: string): string[] {
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const repeated = child.isRepeated ? ' (shown above)' : '';
    return [
      `${indent}${isLast ? '└─' : '├─'} ${KINDS[child.kind ?? 'passed']} ${nameOf(child.node)}${repeated}`,
      ...branches(child.children, `${indent}${isLast ? '   ' : '│  '}`),
    ];
  });
}

const KINDS = { passed: 'passed on ', computed: 'computed  ', filter: 'filter    ' } as const;

function filterNames(lineage: Lineage, { relation }: LineageNode): string[] {
  return filtersOf(lineage, relation)
    .flatMap((id) => lineage.nodes.get(id) ?? [])
    .map(nameOf)
    .toSorted();
}

/** Every edge of a tree once, from what is used to what uses it. */
function edgesIn(tree: Traced, direction: Direction): { from: string; to: string; kind: string }[] {
  return tree.children.flatMap((child) => {
    const [from, to] = direction === 'up' ? [child.node, tree.node] : [tree.node, child.node];
    return [{ from: nameOf(from), to: nameOf(to), kind: child.kind ?? '' }, ...edgesIn(child, direction)];
  });
}

function depthOf(written: Options[string]): number | undefined {
  if (written === undefined) return undefined;
  const depth = Number(written);
  if (Number.isInteger(depth) && depth > 0) return depth;
  throw new RevopsError('USAGE', `--depth: ${JSON.stringify(written)} is no number of steps`, {
    hint: 'Give a whole number from 1.',
  });
}
