/**
 * How a model's SQL sees what it reads. The relations become common table expressions around the unchanged SQL:
 *
 *     with "deals" as not materialized (select * from "revops_store"."deals__b7") …
 *     select … from (
 *     <the model's SQL>
 *     ) as model
 *
 * A CTE of the model with its parent's name (`with deals as (select * from deals)`) reads the outer one, on both
 * engines; both inline the outer ones. To show a model a part of its parents only, put that part into the prelude.
 */
import { identifier, identifiers } from '../warehouse/sql.ts';
import type { Column, EngineName, LogicalType } from '../warehouse/types.ts';

/** A relation as the model's SQL sees it: a name and the SELECT behind it. */
export interface Shadow {
  name: string;
  sql: string;
}

export interface EngineSpelling {
  engine: EngineName;
  typeName(type: LogicalType): string;
}

/** The SELECT that gives a model's rows, with its declared columns in their declared order and types. */
export function bindModel(
  engine: EngineSpelling,
  model: { sql: string; functionOffsets: readonly number[]; columns: readonly Column[] },
  shadows: readonly Shadow[],
): string {
  const outputs = model.columns.map((column) => `${castTo(engine, identifier(column.name), column.type)} as ${identifier(column.name)}`);
  return `${preludeOf(shadows)}select ${outputs.join(', ')}\nfrom (\n${qualifyFunctions(model.sql, model.functionOffsets)}\n) as model`;
}

/** `with a as not materialized (…), b as not materialized (…) `, or nothing. */
export function preludeOf(shadows: readonly Shadow[]): string {
  if (shadows.length === 0) return '';
  return `with ${shadows.map(({ name, sql }) => `${identifier(name)} as not materialized (${sql})`).join(',\n')}\n`;
}

/**
 * A value in a logical type. Text gets Postgres's byte order, which is DuckDB's: comparisons, extremes and sorting of
 * text then give the same on both, whatever the database's collation.
 */
export function castTo(engine: EngineSpelling, expression: string, type: LogicalType): string {
  const cast = `cast(${expression} as ${engine.typeName(type)})`;
  return engine.engine === 'postgres' && type === 'text' ? `${cast} collate "C"` : cast;
}

/** A relation with the given columns and no row. */
export function emptyRelation(engine: EngineSpelling, columns: readonly Column[]): string {
  return `select ${columns.map((column) => `${castTo(engine, 'null', column.type)} as ${identifier(column.name)}`).join(', ')} where false`;
}

/** The named columns of relations under each other. */
export function unionAll(selects: readonly string[], columns: readonly Column[]): string {
  const names = identifiers(columns.map((column) => column.name));
  return selects.map((select, index) => `select ${names} from (${select}) as arm_${index + 1}`).join('\nunion all\n');
}

/** SQL with the schema `revops` put before the functions that begin at the given UTF-8 offsets. */
export function qualifyFunctions(sql: string, offsets: readonly number[]): string {
  const bytes = Buffer.from(sql);
  const parts: string[] = [];
  let from = 0;
  for (const offset of [...new Set(offsets)].toSorted((a, b) => a - b)) {
    parts.push(bytes.toString('utf8', from, offset));
    from = offset;
  }
  return [...parts, bytes.toString('utf8', from)].join('"revops".');
}
