/**
 * The one place where names and literals become SQL text. Both engines share these rules.
 */
import { RevopsError } from '../errors.ts';

/** A relation in a schema. */
export interface RelationName {
  schema: string;
  name: string;
}

/** A quoted identifier. Postgres cuts names at 63 bytes silently, so longer ones are refused on every engine. */
export function identifier(name: string): string {
  if (name.length === 0 || name.includes('\0') || Buffer.byteLength(name) > 63) {
    throw new RevopsError('USAGE', `not a usable SQL name: ${JSON.stringify(name.slice(0, 80))}`, {
      hint: 'A name has 1 to 63 bytes and no NUL character.',
    });
  }
  return quoted(name);
}

/** A quoted name of somebody else's column or table, however long it is there. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. */
export function qualified(relation: RelationName): string {
  return `${identifier(relation.schema)}.${identifier(relation.name)}`;
}

/** A quoted text literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A comma-separated list of quoted identifiers. */
export function identifiers(names: readonly string[]): string {
  return names.map(identifier).join(', ');
}
