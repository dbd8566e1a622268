/**
 * A relation as the project's files declare it, before any SQL is read.
 */
import type { ComponentsSpec, Feed, InputRelation, Model, ModelColumn } from '../contract.ts';

export type Declared =
  | { kind: 'input'; name: string; file: string; input: InputRelation }
  | { kind: 'feed'; name: string; file: string; feed: Feed; arms: Model[] }
  | { kind: 'model'; name: string; file: string; model: Model }
  /** The connected components of a model of edges. */
  | { kind: 'components'; name: string; file: string; of: Model; spec: ComponentsSpec; columns: ModelColumn[] }
  /** What the engine writes down while it makes another relation; only ever appended to. */
  | { kind: 'log'; name: string; file: string; of: Model; description: string; columns: ModelColumn[] };
