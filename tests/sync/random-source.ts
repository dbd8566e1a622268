/**
 * A source whose state is a plain model: objects, days, sets and events that change at random, read in pages of any
 * size, in any order, with rows given twice and failures anywhere.
 */
import { column, type Page, type SourceRecord, type Stream } from '../../src/connector/index.ts';
import { addDays } from '../../src/sync/days.ts';
import { SourceError } from './support-options.ts';

export interface Model {
  clock: number;
  objects: Map<string, { value: number; changed: number; isDeleted: boolean }>;
  /** `day/id` to value. */
  facts: Map<string, number>;
  /** Owner to members and when the set changed. */
  sets: Map<string, { members: Set<string>; changed: number }>;
  events: { id: string; value: number; at: number }[];
}

export type Change =
  | { kind: 'object'; id: number; value: number }
  | { kind: 'delete'; id: number }
  | { kind: 'fact'; day: number; id: number; value: number }
  | { kind: 'vanish'; day: number; id: number }
  | { kind: 'member'; owner: number; member: number; isIn: boolean }
  | { kind: 'event'; value: number };

/** How the source behaves during one sync. */
export interface Manner {
  pageSize: number;
  /** Give rows of the page before again. */
  repeats: boolean;
  reversed: boolean;
  /** Which of the next pages fail instead of coming. */
  failures: boolean[];
}

export const FIRST_DAY = '2026-03-01';

export function emptyModel(): Model {
  return { clock: 0, objects: new Map(), facts: new Map(), sets: new Map(), events: [] };
}

export function apply(model: Model, change: Change): void {
  model.clock += 1;
  const changed = model.clock;
  if (change.kind === 'object') model.objects.set(`o${change.id}`, { value: change.value, changed, isDeleted: false });
  if (change.kind === 'delete') {
    const object = model.objects.get(`o${change.id}`);
    if (object !== undefined) model.objects.set(`o${change.id}`, { ...object, changed, isDeleted: true });
  }
  if (change.kind === 'fact') model.facts.set(`${addDays(FIRST_DAY, change.day)}/f${change.id}`, change.value);
  if (change.kind === 'vanish') model.facts.delete(`${addDays(FIRST_DAY, change.day)}/f${change.id}`);
  if (change.kind === 'member') {
    const members = new Set(model.sets.get(`w${change.owner}`)?.members ?? []);
    if (change.isIn) members.add(`m${change.member}`);
    else members.delete(`m${change.member}`);
    model.sets.set(`w${change.owner}`, { members, changed });
  }
  if (change.kind === 'event') model.events.push({ id: `e${changed}`, value: change.value, at: changed });
}

/** The model's tables, as the warehouse should show them: live rows as `a|b|c`, sorted. */
export function expected(model: Model): Record<string, string[]> {
  return {
    objects: [...model.objects]
      .filter(([, { isDeleted }]) => !isDeleted)
      .map(([id, { value }]) => `${id}|${value}`)
      .toSorted(),
    facts: [...model.facts].map(([key, value]) => `${key.replace('/', '|')}|${value}`).toSorted(),
    parts: [...model.facts].map(([key, value]) => `${key.replace('/', '|')}|${value}`).toSorted(),
    members: [...model.sets]
      .flatMap(([owner, { members }]) => [...members].map((member) => `${owner}|${member}`))
      .toSorted(),
    events: model.events.map(({ id, value }) => `${id}|${value}`).toSorted(),
  };
}

/** What `expected` lists, as SQL on table `t`. */
export const SHOWN: Record<string, string> = {
  objects: `id || '|' || cast(value as text)`,
  facts: `cast(day as text) || '|' || id || '|' || cast(value as text)`,
  parts: `cast(day as text) || '|' || id || '|' || cast(value as text)`,
  members: `owner || '|' || member`,
  events: `id || '|' || cast(value as text)`,
};

/** Streams over the model, one per mode; `snapshot` is read whole every time. */
export function randomStreams(model: Model, manner: Manner): Stream[] {
  const failures = [...manner.failures];
  const common = { description: 'Random.' };

  async function* paged(records: SourceRecord[], toPage: (part: SourceRecord[]) => Page): AsyncGenerator<Page> {
    for (let start = 0; start < records.length; start += manner.pageSize) {
      if (failures.shift() === true) throw new SourceError('transient');
      const from = manner.repeats ? Math.max(0, start - 1) : start;
      const part = records.slice(from, start + manner.pageSize);
      yield toPage(part);
    }
    if (failures.shift() === true) throw new SourceError('transient');
  }

  const bare = (records: SourceRecord[]): SourceRecord[] => records.map(({ _at: _, ...record }) => record);
  const latest = (part: SourceRecord[]): number => Math.max(...part.map(({ _at }) => Number(_at)));
  const byTime = (a: SourceRecord, b: SourceRecord): number => Number(a['_at']) - Number(b['_at']);

  return [
    {
      ...common,
      name: 'objects',
      mode: 'upsert',
      schema: { id: column.text(), value: column.bigint() },
      primaryKey: ['id'],
      async *read(_context, { since }) {
        const records = [...model.objects]
          .map(([id, { value, changed, isDeleted }]) => ({ id, value, _at: changed, isDeleted }))
          .filter(({ _at }) => since === null || _at > Number(since))
          .toSorted(byTime);
        yield* paged(records, (part) => ({
          records: part.filter(({ isDeleted }) => isDeleted !== true).map(({ id, value }) => ({ id, value })),
          deleted: part.filter(({ isDeleted }) => isDeleted === true).map(({ id }) => ({ id })),
          cursor: latest(part),
        }));
      },
    },
    {
      ...common,
      name: 'snapshots',
      mode: 'upsert',
      snapshot: true,
      schema: { id: column.text(), value: column.bigint() },
      primaryKey: ['id'],
      async *read() {
        const live = [...model.objects].filter(([, { isDeleted }]) => !isDeleted);
        const records = live.map(([id, { value }]) => ({ id, value }));
        yield* paged(manner.reversed ? records.toReversed() : records, (part) => ({ records: part }));
      },
    },
    {
      ...common,
      name: 'facts',
      mode: 'window',
      day: 'day',
      restates: 40,
      sliceDays: 3,
      schema: { account: column.text(), day: column.date(), id: column.text(), value: column.bigint() },
      primaryKey: ['account', 'day', 'id'],
      partitions: async () => [{ key: { account: '1' }, label: 'Account 1', timeZone: 'America/New_York' }],
      controlTotals: async (_context, { from, to }) => ({
        value: String(factsOf(model, from, to).reduce((sum, { value }) => sum + Number(value), 0)),
      }),
      async *read(_context, { from, to }) {
        const records = factsOf(model, from, to);
        yield* paged(manner.reversed ? records.toReversed() : records, (part) => ({ records: part }));
      },
    },
    {
      ...common,
      name: 'parts',
      mode: 'window',
      day: 'day',
      restates: 40,
      sliceDays: 5,
      schema: { account: column.text(), day: column.date(), id: column.text(), value: column.bigint() },
      primaryKey: ['account', 'day', 'id'],
      partitions: async () => [{ key: { account: '1' }, label: 'Account 1', timeZone: 'Asia/Tokyo' }],
      controlTotals: async (_context, { from, to }) => ({
        value: String(factsOf(model, from, to).reduce((sum, { value }) => sum + Number(value), 0)),
      }),
      // Two days at a time, said to be whole.
      async *read(_context, { from, to }) {
        for (let first = from; first <= to; first = addDays(first, 2)) {
          const last = addDays(first, 1) < to ? addDays(first, 1) : to;
          yield* paged(factsOf(model, first, last), (part) => ({ records: part }));
          yield { records: [], through: last };
        }
      },
    },
    {
      ...common,
      name: 'members',
      mode: 'set',
      partitionBy: ['owner'],
      schema: { owner: column.text(), member: column.text() },
      primaryKey: ['owner', 'member'],
      async *read(_context, { since }) {
        const sets = [...model.sets]
          .map(([owner, { members, changed }]) => ({ owner, members: [...members], _at: changed }))
          .filter(({ _at }) => since === null || _at > Number(since))
          .toSorted(byTime);
        yield* paged(sets, (part) => ({
          records: part.flatMap(({ owner, members }) => (members as string[]).map((member) => ({ owner, member }))),
          replaces: part.map(({ owner }) => ({ owner: String(owner) })),
          cursor: latest(part),
        }));
      },
    },
    {
      ...common,
      name: 'events',
      mode: 'append',
      schema: { id: column.text(), value: column.bigint() },
      primaryKey: ['id'],
      async *read(_context, { since }) {
        const records = model.events
          .filter(({ at }) => since === null || at > Number(since))
          .map(({ id, value, at }) => ({ id, value, _at: at }));
        yield* paged(records, (part) => ({ records: bare(part), cursor: latest(part) }));
      },
    },
  ];
}

// --- internal ---

function factsOf(model: Model, from: string, to: string): SourceRecord[] {
  return [...model.facts]
    .map(([key, value]) => ({ day: key.slice(0, 10), id: key.slice(11), value }))
    .filter(({ day }) => day >= from && day <= to)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
