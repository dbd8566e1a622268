/**
 * Who goes first where a run may end before all had their turn: the stream that waits longest for a load. So one that
 * takes every run's whole budget, as a first read of years does, leaves the others their turn in the next.
 */
import { state, statement } from '../warehouse/state/index.ts';
import type { Run } from './run.ts';

/** Priorities of a connector's streams, the highest first; all alike where the run goes on to its end. */
export async function turns({ options, load }: Run, connector: string): Promise<(stream: string) => number> {
  if (options.enough === undefined) return () => 0;
  const rows = await load(() =>
    options.warehouse.query<{ stream: string; last: string }>(
      ...statement(
        state('stream_state').where({ connector }).groupBy('stream').select('stream').max({ last: 'updated_at' }),
      ),
    ),
  );
  const last = new Map(rows.map((row) => [row.stream, Date.parse(row.last)]));
  return (stream) => -(last.get(stream) ?? 0);
}
