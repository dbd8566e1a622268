/**
 * Why a number changed: the rows that builds took out of a relation and put in, paired by its grain, with what caused it.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { describeBuild, type DiffBuild } from './build-of-change.ts';
import { readChanges, type Change } from './changes.ts';
import { chosenChanges, relationAsked, type ChosenBuilds } from './chosen-changes.ts';
import { countPairs, pairsOf, type ColumnChange, type KeyChange, type PairCounts } from './paired-rows.ts';
import { knownCauses, type KnownCauses } from './row-causes.ts';
import { sharedSides, sidesOf, type BuildSides, type LeftOut } from './sides.ts';
import { readPublished } from '../store/state.ts';

export interface DiffOptions extends ChosenBuilds {
  /** `cac` or `marts.cac`. */
  relation: string;
  /** Keys at most. Default: all. */
  limit?: number;
}

export interface ModelDiff {
  relation: string;
  builds: DiffBuild[];
  counts: PairCounts;
  /** The columns of a row's key. */
  key: string[];
  columns: ColumnChange[];
  /** Columns that cannot be compared. */
  leftOut: LeftOut[];
  /** Why there are no rows to show, where there are none. */
  note?: string;
  /** Changed rows first, then removed and added ones, by key; read from the warehouse as they are asked for. */
  rows: AsyncIterable<KeyChange[]>;
}

/** Throws USAGE where there is no such relation, build or record. */
export async function diffModel(warehouse: Warehouse, options: DiffOptions): Promise<ModelDiff> {
  const all = await readChanges(warehouse);
  const published = await readPublished(warehouse);
  const name = relationAsked(options.relation, published, all);
  const chosen = await chosenChanges(warehouse, name, all, options);
  const builds: DiffBuild[] = [];
  for (const change of chosen) builds.push(await describeBuild(warehouse, change, all));
  const relation = `${published.get(name)?.schema ?? chosen[0]?.schema ?? ''}.${name}`;
  const nothing = (note: string): ModelDiff => ({
    ...{ relation, builds, counts: { changed: 0, removed: 0, added: 0 }, key: [], columns: [], leftOut: [] },
    note,
    rows: noRows(),
  });
  if (chosen.length === 0) return nothing('no build changed it');
  const differing = chosen.filter(({ hasRows, rows }) => !hasRows || rows.removed !== 0 || rows.added !== 0);
  if (differing.length === 0) return nothing('it was built anew, and no row of it differs');
  const parts: BuildSides[] = [];
  for (const change of differing) {
    const found = await sidesOf(warehouse, change, published.get(name));
    if (found === null) return nothing(summaryOf(change));
    parts.push(found);
  }
  const { sides, columns, leftOut } = sharedSides(parts);
  if (columns.length === 0) return nothing('its rows cannot be compared: no column kept its name and type');
  const pairing = { sides, ...keyAndOthers(columns, differing.at(-1)?.grain ?? []) };
  const counted = await countPairs(warehouse, pairing);
  const key = pairing.key.map((column) => column.name);
  const causes: KnownCauses[] = [];
  for (const change of differing) causes.push(await knownCauses(warehouse, change));
  return { relation, builds, ...counted, key, leftOut, rows: pairsOf(warehouse, pairing, causes, options.limit) };
}

// --- internal ---

async function* noRows(): AsyncIterable<KeyChange[]> {}

/** Rows of which a column of the grain cannot be compared are known by all that can be: each came or went. */
function keyAndOthers<C extends { name: string }>(
  columns: readonly C[],
  grain: readonly string[],
): { key: C[]; others: C[] } {
  const key = grain.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  if (key.length < grain.length) return { key: [...columns], others: [] };
  return { key, others: columns.filter((column) => !grain.includes(column.name)) };
}

function summaryOf({ buildId, kind, before, parts, rows }: Change): string {
  if (before === null) return `build ${buildId} made it for the first time: ${String(rows.after ?? '?')} rows`;
  const counts = `${String(rows.before ?? '?')} rows before, ${String(rows.after ?? '?')} after`;
  const why = parts.some((part) => part.of === 'definition') ? 'its definition changed' : `it was ${kind}`;
  return `the rows that build ${buildId} changed are not kept, since ${why}: ${counts}`;
}
