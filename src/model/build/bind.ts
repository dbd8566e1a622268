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
import { identifier, identifiers } from '../../warehouse/sql.ts';
import type { Column, EngineName, LogicalType } from '../../warehouse/types.ts';
import type { FunctionNaming } from '../compile/functions.ts';

/** A relation as the model's SQL sees it: a name and the SELECT behind it. */
export interface Shadow {
  name: string;
  sql: string;
  /** Few rows that are dear to find: where it is read more than once, found once. Default false. */
  isShared?: boolean;
}

/** A call of a library function, and the UTF-8 offset of its name. */
export interface FunctionCall {
  name: string;
  offset: number;
}

export interface EngineSpelling {
  engine: EngineName;
  readonly typeName: (type: LogicalType) => string;
}

/** The SELECT that gives a model's rows, with its declared columns in their declared order and types. */
export function bindModel(
  engine: EngineSpelling,
  model: { sql: string; calls: readonly FunctionCall[]; columns: readonly Column[] },
  shadows: readonly Shadow[],
  naming: FunctionNaming,
): string {
  const outputs = model.columns.map(
    (column) => `${castTo(engine, identifier(column.name), column.type)} as ${identifier(column.name)}`,
  );
  return `${preludeOf(shadows)}select ${outputs.join(', ')}\nfrom (\n${nameFunctions(model.sql, model.calls, naming)}\n) as model`;
}

/** `with a as not materialized (…), b as (…) `, or nothing: of what is shared both engines keep what is read more than once. */
export function preludeOf(shadows: readonly Shadow[]): string {
  if (shadows.length === 0) return '';
  return `with ${shadows.map(({ name, sql, isShared = false }) => `${identifier(name)} as ${isShared ? '' : 'not materialized '}(${sql})`).join(',\n')}\n`;
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

/** SQL with its calls of library functions under the names they have in the warehouse. */
export function nameFunctions(sql: string, calls: readonly FunctionCall[], naming: FunctionNaming): string {
  const bytes = Buffer.from(sql);
  const parts: string[] = [];
  let from = 0;
  for (const { name, offset } of calls.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < from) continue;
    parts.push(bytes.toString('utf8', from, offset), naming(name));
    from = offset + Buffer.byteLength(name);
  }
  return [...parts, bytes.toString('utf8', from)].join('');
}
