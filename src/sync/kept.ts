/**
 * What streams keep over an interruption, in the state of the warehouse.
 */
import type { KeptValues } from '../connector/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { Run } from './run.ts';

/** The kept values of one stream. Written in turn with the loads, each in a transaction of its own. */
export function keptValues(run: Run, connector: string, stream: string): KeptValues {
  const { warehouse, now } = run.options;
  return {
    get: (key) =>
      run.load(async () => {
        const query = state('kept_values').where({ connector, stream, key }).select('value');
        const [row] = await warehouse.query<{ value: string }>(...statement(query));
        return row?.value ?? null;
      }),
    set: (key, value) =>
      run.load(() =>
        warehouse.transaction(async (session) => {
          await session.execute(...statement(state('kept_values').where({ connector, stream, key }).delete()));
          if (value === null) return;
          const row = { connector, stream, key, value, kept_at: now().toISOString() };
          await session.execute(...statement(state('kept_values').insert(row)));
        }),
      ),
  };
}
