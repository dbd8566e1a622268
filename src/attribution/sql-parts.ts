/**
 * The SQL of models as parts of the definition: one fingerprint per model and per function of the library.
 */
import type { ModelProject } from '../model/contract.ts';
import { digest } from '../model/compile/digest.ts';
import { closureOf, readLibrary, type LibraryFunction } from '../model/compile/functions.ts';
import type { Relation } from '../model/relation.ts';

/** Values by part: `model touchpoints`, `function elapsed_days`. */
export function sqlParts(
  models: readonly Extract<Relation, { kind: 'model' }>[],
  { functions }: ModelProject,
): Record<string, string> {
  const parts = models.map(({ name, columns, parsed }) => [
    `model ${name}`,
    digest([parsed.canonical, columns.map((column) => [column.name, column.type])]),
  ]);
  const called = models.flatMap(({ parsed }) => parsed.calls.map((call) => call.name));
  // Both engines' versions: the lock is the same whichever of them a project runs on.
  const versions = [readLibrary(functions.duckdb), readLibrary(functions.postgres)].map(
    (library) => new Map(closureOf(called, library).map((own) => [own.name, essenceOf(own)])),
  );
  const names = [...new Set(versions.flatMap((version) => [...version.keys()]))];
  const library = names.map((name) => [
    `function ${name}`,
    digest(versions.map((version) => version.get(name) ?? null)),
  ]);
  return Object.fromEntries([...parts, ...library]);
}

// --- internal ---

/** A function without its comments and line breaks; what is quoted stays as it is. */
function essenceOf({ sql }: LibraryFunction): string {
  return sql
    .replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\s+/g, (found) =>
      found.startsWith("'") || found.startsWith('"') ? found : ' ',
    )
    .replaceAll(/ +/g, ' ')
    .trim();
}
