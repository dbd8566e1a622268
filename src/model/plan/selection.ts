/**
 * Which relations a command is about, in the syntax people know from dbt: `cac`, `+cac`, `deals+`, `2+deals+1`,
 * `models/core`, `path:models/core`, `tag:finance`, `source:crm`, `state:changed`; terms separated by blanks are united,
 * terms joined by commas must all hold.
 */
import { RevopsError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import type { CompiledProject, Relation } from '../relation.ts';

export interface Selection {
  /** Empty or absent: all. */
  select?: readonly string[];
  /** Taken away from what is selected. */
  exclude?: readonly string[];
}

/**
 * The relations a selection means. `changed` gives those whose definition is not the published one; it is asked only where
 * the selection says `state:changed`. Throws USAGE where a term, or the selection as a whole, matches nothing; only
 * `state:changed` may.
 */
export function selectRelations(
  compiled: Pick<CompiledProject, 'relations'>,
  { select = [], exclude = [] }: Selection,
  changed: () => ReadonlySet<string> = noState,
): Set<string> {
  const graph = graphOf(compiled.relations);
  const unite = (texts: readonly string[]): Set<string> =>
    new Set(
      texts
        .flatMap((text) => text.split(/\s+/))
        .filter((text) => text !== '')
        .flatMap((text) => [...intersection(text, graph, changed)]),
    );
  const selected = isEmpty(select) ? new Set(compiled.relations.map(({ name }) => name)) : unite(select);
  for (const name of unite(exclude)) selected.delete(name);
  const mayBeEmpty = compiled.relations.length === 0 || usesState({ select, exclude });
  if (selected.size === 0 && !mayBeEmpty) {
    const without = isEmpty(exclude) ? '' : ` without ${exclude.join(' ')}`;
    throw new RevopsError('USAGE', `nothing is selected by ${select.join(' ') || 'all'}${without}`, {
      hint: 'Blanks unite, commas intersect: `tag:a tag:b` is either, `tag:a,tag:b` both.',
    });
  }
  return selected;
}

/** Whether it names anything: with nothing selected and nothing excluded a command is about everything. */
export function isSelective({ select = [], exclude = [] }: Selection): boolean {
  return !isEmpty(select) || !isEmpty(exclude);
}

/** Whether the selection compares with what is published. */
export function usesState({ select = [], exclude = [] }: Selection): boolean {
  return [...select, ...exclude].some((text) => /(^|[\s,+])state:/.test(text));
}

// --- internal ---

interface Graph {
  relations: readonly Relation[];
  parents: ReadonlyMap<string, readonly string[]>;
  children: ReadonlyMap<string, readonly string[]>;
}

const METHODS = ['path', 'tag', 'source', 'state'];

function isEmpty(texts: readonly string[]): boolean {
  return texts.every((text) => text.trim() === '');
}

function graphOf(relations: readonly Relation[]): Graph {
  const children = new Map<string, string[]>();
  for (const { name, parents } of relations)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), name]);
  return { relations, parents: new Map(relations.map(({ name, parents }) => [name, parents])), children };
}

function intersection(text: string, graph: Graph, changed: () => ReadonlySet<string>): Set<string> {
  const [first = new Set<string>(), ...others] = text.split(',').map((term) => around(term, graph, changed));
  return new Set([...first].filter((name) => others.every((other) => other.has(name))));
}

/** A term with what lies upstream and downstream of it. */
function around(term: string, graph: Graph, changed: () => ReadonlySet<string>): Set<string> {
  const [, up, core = '', down] = /^(\d*\+)?(.*?)(\+\d*)?$/.exec(term) ?? [];
  const found = matching(core, graph, changed);
  const distance = (plus: string): number => (plus === '+' ? Infinity : Number(plus.replace('+', '')));
  return new Set([
    ...found,
    ...(up === undefined ? [] : reach(found, graph.parents, distance(up))),
    ...(down === undefined ? [] : reach(found, graph.children, distance(down))),
  ]);
}

function reach(from: Iterable<string>, edges: ReadonlyMap<string, readonly string[]>, distance: number): Set<string> {
  const found = new Set(from);
  let last = [...found];
  for (let step = 0; step < distance && last.length > 0; step += 1) {
    last = [...new Set(last.flatMap((name) => edges.get(name) ?? []))].filter((name) => !found.has(name));
    for (const name of last) found.add(name);
  }
  return found;
}

function matching(core: string, { relations }: Graph, changed: () => ReadonlySet<string>): string[] {
  const [, method, value = core] = /^(\w+):(.*)$/.exec(core) ?? [];
  const named = (select: (relation: Relation) => boolean): string[] => relations.filter(select).map(({ name }) => name);
  if (method === 'state') {
    if (value !== 'changed') throw unknown(`state:${value}: there is only state:changed`);
    return named(({ name }) => changed().has(name));
  }
  if (method === 'tag') return some(named(byTag(value)), `no model has the tag ${value}`, value, tagsOf(relations));
  if (method === 'source')
    return some(named(bySource(value)), `no model reads the source ${value}`, value, sourcesOf(relations));
  if (method === 'path' || (method === undefined && value.includes('/')))
    return some(named(byPath(value)), `no model is in ${value}`, value, pathsOf(relations));
  if (method !== undefined) throw unknown(`${core}: there is no method ${method}${didYouMean(method, METHODS)}`);
  const names = relations.map(({ name }) => name);
  return some(named(byName(value)), `no model ${value}`, value.split('.').at(-1) ?? '', names);
}

function some(found: string[], message: string, word: string, candidates: Iterable<string>): string[] {
  if (found.length > 0) return found;
  throw unknown(`${message}${didYouMean(word, candidates)}`);
}

function unknown(message: string): RevopsError {
  return new RevopsError('USAGE', message, { hint: '`revops list models` shows all.' });
}

/** `deals`, `core.deals`, `crm_*`. */
function byName(value: string): (relation: Relation) => boolean {
  const [name = '', schema] = value.split('.').toReversed();
  const pattern = patternOf(name);
  return (relation) => pattern.test(relation.name) && (schema === undefined || relation.schema === schema);
}

function byTag(value: string): (relation: Relation) => boolean {
  const pattern = patternOf(value);
  return (relation) => relation.kind === 'model' && relation.model.tags.some((tag) => pattern.test(tag));
}

/** `crm` or `crm.deals`. */
function bySource(value: string): (relation: Relation) => boolean {
  return (relation) => sourcesOf([relation]).includes(value);
}

/** A file, or a folder with all below it. */
function byPath(value: string): (relation: Relation) => boolean {
  const path = value.replace(/^\.\//, '').replace(/\/+$/, '');
  const pattern = patternOf(path, '(/.*)?');
  return ({ file }) => pattern.test(file);
}

/** `*` stands for anything but a `/`, `**` for that too. */
function patternOf(text: string, end = ''): RegExp {
  const escaped = text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))}${end}$`);
}

function tagsOf(relations: readonly Relation[]): string[] {
  return relations.flatMap((relation) => (relation.kind === 'model' ? relation.model.tags : []));
}

function sourcesOf(relations: readonly Relation[]): string[] {
  return relations.flatMap((relation) => {
    const source = relation.kind === 'model' ? relation.model.source : undefined;
    if (source === undefined) return [];
    const written = source.connector.replaceAll('_', '-');
    return [source.connector, written, `${source.connector}.${source.table}`, `${written}.${source.table}`];
  });
}

/** Every file, and every folder above one. */
function pathsOf(relations: readonly Relation[]): string[] {
  return relations.flatMap(({ file }) => {
    const parts = file.split('/');
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  });
}

function noState(): ReadonlySet<string> {
  throw new RevopsError('USAGE', 'state:changed needs the published state, which this command does not read', {
    hint: 'Select by name, path, tag or source.',
  });
}
