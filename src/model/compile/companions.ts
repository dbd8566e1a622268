/**
 * The relations of one model file. Most are one; a ledger has its restatements beside it, connected components their
 * edges and merges.
 */
import type { Model, ModelColumn } from '../contract.ts';
import type { Declared } from '../read/declared.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import type { Relation } from '../relation.ts';
import { restatementColumns } from '../ledger/restatement-columns.ts';

/** What a model file declares, in the order in which it is made. */
export function relationsOf(model: Model): Declared[] {
  const { name, file, components } = model;
  if (components !== undefined && model.materialized === 'components') {
    const edges = { ...model, name: edgesName(name), materialized: 'table' as const };
    const merges = `What became of the components of ${name} as edges came and went. One row per build and pair of components.`;
    return [
      { kind: 'model', name: edges.name, file, model: edges },
      { kind: 'components', name, file, of: edges, spec: components, columns: componentColumns(model) },
      { kind: 'log', name: mergesName(name), file, of: model, description: merges, columns: mergeColumns(model) },
    ];
  }
  const own: Declared = { kind: 'model', name, file, model };
  if (model.materialized !== 'ledger') return [own];
  const description = `What rows of ${name} would be, had they not been frozen. One row per row of the ledger and build that noticed another difference.`;
  const columns = restatementColumns(model);
  return [own, { kind: 'log', name: restatementsName(name), file, of: model, description, columns }];
}

/** `people_edges`: what the SELECT of the model of components gives. */
export function edgesName(name: string): string {
  return `${name}_edges`;
}

/** `credits_restatements`. */
export function restatementsName(ledger: string): string {
  return `${ledger}_restatements`;
}

/** `people_merges`. */
export function mergesName(components: string): string {
  return `${components}_merges`;
}

/** Adds a problem per relation of denied edges that cannot be one. */
export function checkDenied(relations: readonly Relation[], problems: Problem[]): void {
  for (const relation of relations) {
    if (relation.kind !== 'components' || relation.spec.denied === undefined) continue;
    const { file } = relation;
    const { denied, nodes } = relation.spec;
    const found = relations.find((other) => other.name === denied);
    if (found === undefined) {
      const message = `components.denied: unknown relation ${denied}${didYouMean(
        denied,
        relations.map(({ name }) => name),
      )}`;
      problems.push({ code: 'MODEL_UNKNOWN_RELATION', file, line: 1, message });
    }
    for (const node of found === undefined ? [] : nodes) {
      if (found?.columns.some(({ name, type }) => name === node && type === 'text') === true) continue;
      const message = `components.denied: ${denied} has no text column ${node}; it names edges by the same columns`;
      problems.push({ code: 'MODEL_INVALID', file, line: 1, message });
    }
  }
}

// --- internal ---

function componentColumns(model: Model): ModelColumn[] {
  return [
    { name: 'node', type: 'text', description: 'A node of the edges.' },
    {
      name: 'component',
      type: 'text',
      description: 'The oldest node it is connected with: ties by the bytes of the text.',
    },
    {
      name: 'first_at',
      type: timeOf(model),
      description: 'Time of the first edge of the node; NULL where none has one.',
    },
  ];
}

function mergeColumns(model: Model): ModelColumn[] {
  return [
    {
      name: 'change',
      type: 'text',
      description:
        '`merge`: all of the component went into another; `split`: some of its nodes left it; `rename`: its oldest node is gone or another is older.',
    },
    { name: 'component_before', type: 'text', description: 'The component the nodes were in.' },
    { name: 'component_after', type: 'text', description: 'The component they are in now.' },
    { name: 'nodes', type: 'bigint', description: 'Number of nodes that went this way.' },
    {
      name: 'cause',
      type: 'text',
      description: '`edge added`, `edge removed`, `edge denied`, or `unknown` where all was built anew.',
    },
    { name: 'cause_node', type: 'text', description: 'One node of the edge that did it; of several the first.' },
    { name: 'cause_other', type: 'text', description: 'Its other node.' },
    { name: 'cause_at', type: timeOf(model), description: 'Its time.' },
    { name: 'build_id', type: 'text', description: 'The build.' },
    { name: 'noted_at', type: 'timestamptz', description: 'When that was.' },
  ];
}

function timeOf({ columns, components }: Model): ModelColumn['type'] {
  return columns.find((column) => column.name === components?.at)?.type ?? 'timestamptz';
}
