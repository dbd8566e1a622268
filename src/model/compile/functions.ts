/**
 * The function library: scripts of `create or replace function|macro name(…)` statements, one file per engine and
 * folder. Models call the functions bare. The warehouse holds each under its own name in schema `revops`, for people,
 * and under a name with its version in the store, for what is built: so a changed function changes no view before the
 * build that uses it is published.
 */
import { identifier } from '../../warehouse/sql.ts';
import type { SqlFile } from '../contract.ts';
import { digest } from './digest.ts';

export interface LibraryFunction {
  name: string;
  /** The statement as written. */
  sql: string;
  file: string;
  origin: string;
  /** Functions of the library that it calls. */
  calls: string[];
}

/** Functions by name, the called before the calling. */
export type Library = ReadonlyMap<string, LibraryFunction>;

/** How a function is named in SQL: `"revops"."period_start"`. */
export type FunctionNaming = (name: string) => string;

/** The functions of an engine's scripts; a later script replaces an earlier one's function of the same name. */
export function readLibrary(scripts: readonly SqlFile[]): Library {
  const found = new Map(
    scripts.flatMap(({ file, sql, origin }) =>
      statementsOf(sql).map(({ name, sql: own }) => [name, { name, file, origin, sql: own }]),
    ),
  );
  const library = new Map<string, LibraryFunction>();
  const seen = new Set<string>();
  const add = (name: string): void => {
    const own = found.get(name);
    if (own === undefined || seen.has(name)) return;
    seen.add(name);
    const calls = [...found.keys()].filter((other) => other !== name && callsTo([other]).test(own.sql));
    calls.forEach(add);
    library.set(name, { ...own, calls });
  };
  for (const name of found.keys()) add(name);
  return library;
}

/** Functions and all they call, by name. */
export function closureOf(names: Iterable<string>, library: Library): LibraryFunction[] {
  const found = new Map<string, LibraryFunction>();
  const visit = (name: string): void => {
    const own = library.get(name);
    if (own === undefined || found.has(name)) return;
    found.set(name, own);
    own.calls.forEach(visit);
  };
  for (const name of names) visit(name);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A digest of a function and of all it calls. */
export function versionOf(name: string, library: Library): string {
  return digest(closureOf([name], library).map((own) => own.sql)).slice(0, 8);
}

/** The name under which people call it. */
export const publicName: FunctionNaming = (name) => `"revops".${identifier(name)}`;

/** The statement that creates a function, it and what it calls named as given. */
export function createStatement(own: LibraryFunction, naming: FunctionNaming): string {
  return own.sql.replaceAll(callsTo([own.name, ...own.calls]), (_, name: string) => naming(name.toLowerCase()));
}

/** The script that creates the whole library under public names. */
export function libraryScript(library: Library): string {
  return [...library.values()].map((own) => `${createStatement(own, publicName)};`).join('\n');
}

// --- internal ---

const CREATE = /^create\s+(?:or\s+replace\s+)?(?:function|macro|aggregate)\s+(?:revops\.)?"?(\w+)"?\s*\(/i;

/** Statements begin with `create` at the start of a line. */
function statementsOf(script: string): { name: string; sql: string }[] {
  return script.split(/^(?=create\s)/im).flatMap((text) => {
    const name = CREATE.exec(text)?.[1]?.toLowerCase();
    return name === undefined ? [] : [{ name, sql: text.replace(/(\s|--[^\n]*\n?|;)+$/, '') }];
  });
}

function callsTo(names: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w."])(?:revops\\.)?(${names.join('|')})(?=\\s*\\()`, 'gi');
}
