import { relationsOf } from './companions.ts';
import type { Materialization, Model, ModelColumn, ModelProject } from '../contract.ts';
import type { Declared } from '../read/declared.ts';

export interface ListedRelation {
  /** The bare name in SQL. */
  name: string;
  /** The schema people find it in. */
  layer: string;
  materialized: Materialization;
  /** `revops` (packaged), a package or the project. */
  origin: string;
  /** Where the one of this name comes from that it replaces. */
  replaces?: string;
  description: string;
  grain: string[];
  columns: ModelColumn[];
  tags: string[];
  file: string;
}

/** Every relation of a project, by layer in the order of the data's way, then by name. Needs no warehouse. */
export function listModels(project: ModelProject): ListedRelation[] {
  const inputs = project.inputs.map((input): ListedRelation => ({
    ...common(input),
    layer: 'reference',
    materialized: 'table',
    tags: [],
  }));
  const feeds = project.feeds.map((feed): ListedRelation => ({
    ...common(feed),
    name: `${feed.name}_feed`,
    layer: 'feeds',
    materialized: 'view',
    tags: [],
  }));
  const models = project.models.flatMap((model) => relationsOf(model).flatMap((own) => listed(model, own)));
  return [...inputs, ...feeds, ...models].toSorted(
    (a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.name < b.name ? -1 : 1),
  );
}

// --- internal ---

const LAYERS = ['reference', 'staging', 'feeds', 'core', 'marts', 'quality'];

/** A relation of a model's file: itself, or one beside it. */
function listed(model: Model, own: Declared): ListedRelation[] {
  const { layer, tags } = model;
  if (own.kind === 'model') return [{ ...common(own.model), layer, tags, materialized: own.model.materialized }];
  if (own.kind !== 'components' && own.kind !== 'log') return [];
  const { kind, name, columns } = own;
  const described = { ...common(model), name, columns, layer, tags };
  return kind === 'log'
    ? [{ ...described, materialized: 'table', grain: [], description: own.description }]
    : [{ ...described, materialized: 'components', grain: ['node'] }];
}

type Common = Omit<ListedRelation, 'layer' | 'materialized' | 'tags'>;

function common({ name, origin, replaces, description, grain, columns, file }: Common): Common {
  return { name, origin, ...(replaces === undefined ? {} : { replaces }), description, grain, columns, file };
}
