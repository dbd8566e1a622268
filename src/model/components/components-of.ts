/**
 * Connected components of a graph whose vertices are texts, each named by its oldest.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import type { EngineSpelling } from '../build/bind.ts';
import { connect } from './connect.ts';
import { STORE } from '../store/store.ts';
import { makeWorkTable } from '../build/work-table.ts';

/**
 * Gives a SELECT of (vertex, first_at, component). `vertices`: a SELECT of (vertex, first_at), and of the text in column
 * `oldest`: what the component is called if no other of its vertices is older; ties by the bytes of that text. `links`: a
 * SELECT of pairs (a, b) of different vertices.
 */
export async function componentsOf(
  warehouse: Warehouse,
  place: (kind: string) => string,
  graph: { vertices: string; oldest: 'vertex' | 'oldest'; links: string },
): Promise<string> {
  const table = (kind: string): string => qualified({ schema: STORE, name: place(kind) });
  const make = (kind: string, select: string): Promise<number> => makeWorkTable(warehouse, place(kind), select);
  const hash = await numbered();
  const roots = await connect(
    warehouse,
    place,
    `select ${hash('a')} as u, ${hash('b')} as v from (${graph.links}\n) as links`,
  );
  await make(
    'rooted',
    `select vertices.id, coalesce(roots.root, vertices.id) as root, vertices.first_at from ${table('vertices')} as vertices left join (${roots}) as roots on roots.vertex = vertices.id`,
  );
  await warehouse.execute(`drop table if exists ${table('ends_0')}`);
  await make('first', `select root, min(first_at) as first_at from ${table('rooted')} group by root`);
  // where no vertex has a time, all are equally old
  await make(
    'oldest',
    `select rooted.root, min(vertices.${graph.oldest}) as component from ${table('rooted')} as rooted inner join ${table('first')} as first on first.root = rooted.root inner join ${table('vertices')} as vertices on vertices.id = rooted.id where rooted.first_at = first.first_at or first.first_at is null group by rooted.root`,
  );
  await warehouse.execute(`drop table if exists ${table('first')}`);
  return `select vertices.vertex, vertices.first_at, oldest.component from ${table('vertices')} as vertices inner join ${table('rooted')} as rooted on rooted.id = vertices.id inner join ${table('oldest')} as oldest on oldest.root = rooted.root`;

  /** Stores the vertices with a number each, which links are mapped by without looking it up: a hash that is unique here. */
  async function numbered(): Promise<(text: string) => string> {
    for (let seed = 0; ; seed += 1) {
      const numberOf = (text: string): string => hashOf(warehouse, text, seed);
      const rows = await make(
        'vertices',
        `select ${numberOf('vertex')} as id, vertex, first_at${graph.oldest === 'vertex' ? '' : ', oldest'} from (${graph.vertices}\n) as vertices`,
      );
      const [counted] = await warehouse.query<{ ids: number }>(
        `select count(distinct id) as ids from ${table('vertices')}`,
      );
      if (counted?.ids === rows) return numberOf;
    }
  }
}

// --- internal ---

/** A number of 63 or 64 bits; another one for each seed. */
function hashOf({ engine }: EngineSpelling, text: string, seed: number): string {
  return engine === 'duckdb' ? `cast(hash(${text}, ${seed}) >> 1 as bigint)` : `hashtextextended(${text}, ${seed})`;
}
