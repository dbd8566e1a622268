/**
 * Time that passes touches keys: those of rows whose `wakes_at` lies between the last build's clock and this one's.
 */
import { identifier, literal } from '../../warehouse/sql.ts';
import type { BuildWork } from './build-work.ts';
import { carriedKey } from '../compile/keys.ts';
import type { Problem } from '../problems.ts';
import type { ModelRelation, Relation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { TIME, timePart } from './time-part.ts';

/** The rows that woke since a build, with the names of the key's columns. */
export function wokenRows(
  { prepared, compiled, selects }: BuildWork,
  relation: ModelRelation,
  before: Parts,
): { sql: string; names: string[] }[] {
  const [then, now] = [before.data[TIME], timePart(prepared.rows.get('clock') ?? [])].map(
    (part) => JSON.parse(part ?? '[null, null]') as [string | null, string | null],
  );
  return relation.model.wakesAt.flatMap(({ parent, column }) => {
    const read = compiled.byName.get(parent);
    const names = read === undefined ? null : carriedKey(relation, read);
    const type = read?.columns.find((one) => one.name === column)?.type;
    const index = type === 'date' ? 1 : 0;
    const bounds = [then?.[index], now?.[index]].flatMap((value) => value ?? []).toSorted();
    if (names === null || type === undefined || bounds.length < 2 || bounds[0] === bounds[1]) return [];
    // both ends: a condition may count the day itself or only those before it
    const [from = '', to = ''] = bounds.map((value) => `cast(${literal(value)} as ${type})`);
    const sql = `select * from (${selects.reading(parent)}\n) as sleeping where ${identifier(column)} between ${from} and ${to}`;
    return [{ sql, names }];
  });
}

/** Adds a problem per `wakes_at` that cannot be used. */
export function checkWakes(relations: readonly Relation[], problems: Problem[]): void {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  for (const relation of relations) {
    if (relation.kind !== 'model') continue;
    for (const { parent, column } of relation.model.wakesAt) {
      const read = byName.get(parent);
      const report = (message: string): void =>
        void problems.push({
          code: 'MODEL_INVALID',
          file: relation.file,
          line: 1,
          message: `wakes_at ${parent}.${column}: ${message}`,
        });
      const type = read?.columns.find((one) => one.name === column)?.type;
      if (read === undefined || !relation.parents.includes(parent)) report(`${relation.name} does not read ${parent}`);
      else if (type === undefined) report(`${parent} has no column ${column}`);
      else if (type !== 'date' && type !== 'timestamptz') report(`it is ${type}, not a date or timestamptz`);
      else if (carriedKey(relation, read) === null) report(`${parent} does not carry the key of ${relation.name}`);
      if (!relation.parents.includes('clock')) report(`${relation.name} does not read clock`);
    }
  }
}
