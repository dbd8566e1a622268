/**
 * The function library: scripts of `create or replace function|macro name(…)` statements, one file per engine and
 * folder, installed in the schema `revops` whatever the search path.
 */
export interface LibraryFunction {
  name: string;
  /** The whole statement, with the library's functions qualified. */
  sql: string;
  file: string;
}

/** The functions of an engine's scripts; a later script replaces an earlier one's function of the same name. */
export function readLibrary(scripts: readonly { file: string; sql: string }[]): Map<string, LibraryFunction> {
  const found = scripts.flatMap(({ file, sql }) =>
    sql
      .split(/^(?=create\s)/im)
      .map((statement) => ({ file, statement, name: CREATE.exec(statement)?.[1]?.toLowerCase() }))
      .filter((part): part is typeof part & { name: string } => part.name !== undefined),
  );
  const names = [...new Set(found.map((part) => part.name))];
  return new Map(
    found.map(({ name, file, statement }) => [name, { name, file, sql: qualifyCalls(statement.replace(/(\s|--[^\n]*\n?)+$/, ''), names) }]),
  );
}

/** What a set of functions is made of, themselves and what they call included: names with their text, by name. */
export function closureOf(names: Iterable<string>, library: ReadonlyMap<string, LibraryFunction>): LibraryFunction[] {
  const found = new Map<string, LibraryFunction>();
  const visit = (name: string): void => {
    const own = library.get(name);
    if (own === undefined || found.has(name)) return;
    found.set(name, own);
    for (const other of library.keys()) if (own.sql.toLowerCase().includes(`"revops".${other}`)) visit(other);
  };
  for (const name of names) visit(name);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The script that installs the library. */
export function libraryScript(library: ReadonlyMap<string, LibraryFunction>): string {
  return [...library.values()].map((own) => (own.sql.endsWith(';') ? own.sql : `${own.sql};`)).join('\n');
}

// --- internal ---

const CREATE = /^create\s+(?:or\s+replace\s+)?(?:function|macro|aggregate)\s+(?:revops\.)?"?(\w+)"?\s*\(/i;

function qualifyCalls(statement: string, names: readonly string[]): string {
  const pattern = new RegExp(`(?<![\\w."])(?:revops\\.)?(${names.join('|')})(?=\\s*\\()`, 'gi');
  return names.length === 0 ? statement : statement.replaceAll(pattern, (_, name: string) => `"revops".${name}`);
}
