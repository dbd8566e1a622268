/**
 * What decides who gets credit, part by part: two projects with the same parts give the same credits for the same data.
 */
import { createHash } from 'node:crypto';

import type { InputRelation } from '../model/contract.ts';
import type { CompiledProject, ComponentsRelation, ModelRelation } from '../model/relation.ts';
import { listParts } from './list-parts.ts';
import { sqlParts } from './sql-parts.ts';

/** The choices of a project's config that change credit. */
export interface AttributionSettings {
  primaryModel: string;
  lookbackDays: number;
  /** Shares of roles, by role. */
  positionBased: Readonly<Record<string, number>>;
  wShaped: Readonly<Record<string, number>>;
  halfLifeDays: number;
  bookOn: string;
  conversionOwner: string;
  /** How identities are joined, by option. */
  identity: Readonly<Record<string, string>>;
  /** When a visit ends, and whether an event from another source begins one. */
  sessions: { timeoutMinutes: number; splitOnSource: boolean };
  timeZone: string;
  currency: string;
}

export interface AttributionDefinition {
  /** Values by part, in the order of their names. */
  parts: Record<string, string>;
  /** SHA-256 of the parts, hexadecimal. */
  digest: string;
}

/**
 * The definition of a project: its settings, the SQL of the credits and of all core models they rest on with the
 * functions these call, and the reference lists they read. Blanks, comments, keys, tests and descriptions are no part of
 * it, nor is the engine.
 */
export function attributionDefinition(compiled: CompiledProject, settings: AttributionSettings): AttributionDefinition {
  const { models, lists, components } = whatCreditsRestOn(compiled);
  const parts: Record<string, string> = {
    'attribution.primaryModel': settings.primaryModel,
    'attribution.lookbackDays': String(settings.lookbackDays),
    ...numbered('attribution.positionBased', settings.positionBased),
    ...numbered('attribution.wShaped', settings.wShaped),
    'attribution.halfLifeDays': String(settings.halfLifeDays),
    'attribution.bookOn': settings.bookOn,
    'conversions.owner': settings.conversionOwner,
    ...settings.identity,
    'sessions.timeoutMinutes': String(settings.sessions.timeoutMinutes),
    'sessions.splitOnSource': String(settings.sessions.splitOnSource),
    timeZone: settings.timeZone,
    currency: settings.currency,
    ...sqlParts(models, compiled.project),
    ...Object.assign({}, ...lists.map(listParts)),
    ...Object.fromEntries(components.map(({ name, spec }) => [`components ${name}`, componentsPart(spec)])),
  };
  const sorted = Object.fromEntries(Object.entries(parts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return { parts: sorted, digest: digestOfParts(sorted) };
}

/** SHA-256 of the parts, whatever their order. */
export function digestOfParts(parts: Readonly<Record<string, string>>): string {
  const entries = Object.entries(parts).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

// --- internal ---

const CREDITS = 'attribution_credits';

function numbered(name: string, values: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${name}.${key}`, String(value)]));
}

/**
 * Feeds end the walk: what a platform's rows mean is data to the credits. So are lists of days, which only grow, and edges
 * that somebody denies: who was taken for one person and is not is told by restatements.
 */
function whatCreditsRestOn({ byName }: CompiledProject): {
  models: ModelRelation[];
  lists: InputRelation[];
  components: ComponentsRelation[];
} {
  const models = new Map<string, ModelRelation>();
  const lists = new Map<string, InputRelation>();
  const components = new Map<string, ComponentsRelation>();
  const visit = (name: string): void => {
    const relation = byName.get(name);
    if (relation?.kind === 'input' && relation.input.filledBy === 'file' && !isByDay(relation.input)) {
      lists.set(name, relation.input);
    }
    if (relation?.kind === 'components') {
      components.set(name, relation);
      visit(relation.edges);
    }
    if (relation?.kind === 'log') relation.parents.forEach(visit);
    if (relation?.kind !== 'model' || models.has(name)) return;
    models.set(name, relation);
    relation.parents.forEach(visit);
  };
  visit(CREDITS);
  for (const { spec } of components.values()) lists.delete(spec.denied ?? '');
  return { models: [...models.values()], lists: [...lists.values()], components: [...components.values()] };
}

function componentsPart({ nodes, at, denied }: ComponentsRelation['spec']): string {
  return JSON.stringify([nodes, at ?? null, denied ?? null]);
}

function isByDay({ grain, columns }: InputRelation): boolean {
  return columns.some(({ name, type }) => grain.includes(name) && type === 'date');
}
