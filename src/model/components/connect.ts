/**
 * Connected components of a graph whose vertices are numbers, in statements over whole tables: rounds of Borůvka's
 * contraction. Each vertex hooks onto its smallest neighbour, chains of hooks are cut short to their ends, and the links
 * between the ends are the graph of the next round. A round leaves at most half of the vertices that still have a link, so
 * all rounds together cost twice the first: time is linear in the links, and memory is the engine's, which spills to disk.
 *
 * The smallest neighbour of the smallest neighbour is never larger than oneself, so the hooks have no circle but pairs of
 * vertices that hook onto each other; of those the smaller one becomes an end.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { STORE } from '../store/store.ts';
import { makeWorkTable } from '../build/work-table.ts';

/**
 * Makes a table (vertex, root) of all vertices that have a link, `root` being one vertex of each component. `links`: a
 * SELECT of pairs (u, v), u other than v. Tables are named by `place`; those not needed any more are dropped.
 */
export async function connect(warehouse: Warehouse, place: (kind: string) => string, links: string): Promise<string> {
  const table = (kind: string): string => qualified({ schema: STORE, name: place(kind) });
  const make = (kind: string, select: string): Promise<number> => makeWorkTable(warehouse, place(kind), select);
  const drop = async (...kinds: string[]): Promise<void> => {
    for (const kind of kinds) await warehouse.execute(`drop table if exists ${table(kind)}`);
  };

  let round = 0;
  let left = await make('links_0', links);
  for (; left > 0; round += 1) {
    const from = table(`links_${round}`);
    await make(
      'hooks',
      `select vertex, min(neighbour) as parent from (select u as vertex, v as neighbour from ${from} union all select v, u from ${from}) as sides group by vertex`,
    );
    await make(
      'open_0',
      `select hooks.vertex, case when back.parent = hooks.vertex and hooks.vertex < hooks.parent then hooks.vertex else hooks.parent end as parent from ${table('hooks')} as hooks inner join ${table('hooks')} as back on back.vertex = hooks.parent`,
    );
    await drop('hooks');
    await shorten(round);
    const ends = table(`ends_${round}`);
    left = await make(
      `links_${round + 1}`,
      `select distinct least(one.parent, other.parent) as u, greatest(one.parent, other.parent) as v from ${from} as links inner join ${ends} as one on one.vertex = links.u inner join ${ends} as other on other.vertex = links.v where one.parent <> other.parent`,
    );
    await drop(`links_${round}`);
  }
  await drop(`links_${round}`);
  return composed(round);

  /** From hooks to `ends`: each vertex with the end of its chain. Those whose parent is an end are settled for good. */
  async function shorten(of: number): Promise<void> {
    const ends = table(`ends_${of}`);
    await make(`ends_${of}`, `select vertex, parent from ${table('open_0')} where false`);
    for (let step = 0; ; step += 1) {
      const open = table(`open_${step}`);
      const pointers = `select vertex, parent from ${ends} union all select vertex, parent from ${open}`;
      await make(
        'jumped',
        `select open.vertex, far.parent, far.parent <> open.parent as is_open from ${open} as open inner join (${pointers}) as far on far.vertex = open.parent`,
      );
      await drop(`open_${step}`);
      await warehouse.execute(`insert into ${ends} select vertex, parent from ${table('jumped')} where not is_open`);
      const stillOpen = await make(`open_${step + 1}`, `select vertex, parent from ${table('jumped')} where is_open`);
      await drop('jumped');
      if (stillOpen > 0) continue;
      await drop(`open_${step + 1}`);
      if (warehouse.engine === 'postgres') await warehouse.execute(`analyze ${ends}`);
      return;
    }
  }

  /** The ends of all rounds put together: an end of one round is a vertex of the next. */
  async function composed(rounds: number): Promise<string> {
    if (rounds === 0) return `select cast(null as bigint) as vertex, cast(null as bigint) as root where false`;
    for (let of = rounds - 2; of >= 0; of -= 1) {
      const [own, next] = [table(`ends_${of}`), table(`ends_${of + 1}`)];
      await make(
        'composed',
        `select own.vertex, coalesce(next.parent, own.parent) as parent from ${own} as own left join ${next} as next on next.vertex = own.parent`,
      );
      await drop(`ends_${of}`, `ends_${of + 1}`);
      await warehouse.execute(`alter table ${table('composed')} rename to "${place(`ends_${of}`)}"`);
    }
    return `select vertex, parent as root from ${table('ends_0')}`;
  }
}
