/**
 * The models of core and marts built as plain tables from given feeds: no sync, no staging, no publishing.
 */
import { bindModel, preludeOf, type EngineSpelling, type Shadow } from '../../src/model/build/bind.ts';
import type { InputRow } from '../../src/model/contract.ts';
import type { CompiledProject, ComponentsRelation, Relation } from '../../src/model/relation.ts';
import { readLibrary } from '../../src/model/compile/functions.ts';
import { rowsSelect } from '../../src/model/build/rows.ts';
import { argumentsRow, testedRows } from '../../src/model/build/test-sql.ts';
import type { Session } from '../../src/warehouse/contract.ts';
import { qualified } from '../../src/warehouse/sql.ts';
import type { Row } from '../../src/warehouse/types.ts';

export interface BuiltLibrary {
  /** All rows of a relation, ordered by its grain. */
  rows(name: string): Promise<Row[]>;
  query(sql: string): Promise<Row[]>;
  /** Data tests of severity error that found failing rows. */
  failures(): Promise<{ relation: string; test: string; rows: Row[] }[]>;
}

/** Installs the function library where bare names are found. */
export async function installFunctions(session: Session, compiled: CompiledProject): Promise<void> {
  const library = readLibrary(compiled.project.functions[compiled.engine]);
  await session.script([...library.values()].map(({ sql }) => `${sql};`).join('\n'));
}

/** Builds into a schema of its own, which must not exist. `given` holds rows of feeds and inputs by relation name. */
export async function buildLibrary(
  session: Session & EngineSpelling,
  compiled: CompiledProject,
  schema: string,
  given: Record<string, InputRow[]>,
): Promise<BuiltLibrary> {
  const relations = compiled.relations.filter((relation) => relation.schema !== 'staging');
  const table = (name: string): string => qualified({ schema, name });
  const shadow = (name: string): Shadow => ({ name, sql: `select * from ${table(name)}` });
  await session.execute(`create schema ${schema}`);
  for (const relation of relations) {
    // oxlint-disable-next-line no-await-in-loop -- parents come before their children
    await session.execute(`create table ${table(relation.name)} as ${selectOf(session, relation, given, shadow)}`);
  }
  return {
    rows: (name) =>
      session.query(
        `select * from ${table(name)} order by ${(compiled.byName.get(name)?.grain ?? []).join(', ') || '1'}`,
      ),
    query: (sql) =>
      session.query(`${preludeOf(relations.map(({ name }) => shadow(name)))}select * from (${sql}) as asked`),
    async failures() {
      const found: { relation: string; test: string; rows: Row[] }[] = [];
      for (const relation of relations) {
        for (const { test, label, sql, reads } of relation.tests) {
          if (test.severity === 'warning') continue;
          const shadows = [
            ...reads.map(shadow),
            { name: 'arguments', sql: argumentsRow(test, (type) => session.typeName(type)) },
            { name: 'model', sql: testedRows(test, shadow(relation.name).sql) },
          ];
          const statement = `${preludeOf(shadows)}select * from (\n${sql}\n) as failing limit 5`;
          // oxlint-disable-next-line no-await-in-loop -- one connection
          const rows = await session.query(statement);
          if (rows.length > 0) found.push({ relation: relation.name, test: label, rows });
        }
      }
      return found;
    },
  };
}

// --- internal ---

/** Library functions under their bare names, as `installFunctions` leaves them. */
const bareName = (name: string): string => name;

function selectOf(
  engine: EngineSpelling,
  relation: Relation,
  given: Record<string, InputRow[]>,
  shadow: (name: string) => Shadow,
): string {
  if (relation.kind === 'model') {
    const { sql } = relation.model;
    const { calls } = relation.parsed;
    return bindModel(engine, { sql, calls, columns: relation.columns }, relation.parents.map(shadow), bareName);
  }
  if (relation.kind === 'components' && given[relation.name] === undefined) return componentsSelect(relation, shadow);
  const shipped = relation.kind === 'input' ? relation.input.rows : [];
  return rowsSelect(engine, relation.name, relation.columns, given[relation.name] ?? shipped);
}

/** Connected components by following links node by node: for few rows, and in another way than builds do it. */
function componentsSelect({ spec, edges }: ComponentsRelation, shadow: (name: string) => Shadow): string {
  const [one, other] = spec.nodes;
  const denied =
    spec.denied === undefined ? `select a as ${one}, b as ${other} from edges where false` : shadow(spec.denied).sql;
  return `
with recursive edges as (
  select ${one} as a, ${other} as b, ${spec.at ?? 'null'} as seen_at from (${shadow(edges).sql}) as told
), ends as (
  select a as node, seen_at from edges union all select b, seen_at from edges where b is not null
), ages as (
  select node, min(seen_at) as first_at from ends group by node
), links as (
  select a, b from edges
  where b is not null and not exists (
    select 1 from (${denied}) as denied
    where (denied.${one} = edges.a and denied.${other} = edges.b) or (denied.${one} = edges.b and denied.${other} = edges.a)
  )
), sides as (
  select a, b from links union select b, a from links
), reached as (
  select node, node as found from ages
  union
  select reached.node, sides.b from reached inner join sides on sides.a = reached.found
), ranked as (
  select reached.node, ages.node as oldest,
    row_number() over (partition by reached.node order by ages.first_at nulls last, byte_order(ages.node)) as place
  from reached inner join ages on ages.node = reached.found
)
select ages.node, ranked.oldest as component, ages.first_at
from ages inner join ranked on ranked.node = ages.node and ranked.place = 1`;
}
