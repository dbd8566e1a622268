/**
 * What is remembered of the warehouse between runs, so that a plan can be made where it cannot be reached.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { InputRow } from '../model/contract.ts';
import type { WarehouseState } from '../model/index.ts';
import { readLock } from './attribution.ts';
import type { Project } from './load.ts';
import { checkRows } from './check-settings.ts';
import { reconciliationRows } from './reconciliation-settings.ts';
import { identityRows } from './identity.ts';
import { clockRows, settingsRows } from './settings.ts';

export interface Remembered {
  /** ISO 8601: when the warehouse was in that state. */
  at: string;
  state: WarehouseState;
  /** Rows of the relations that the engine fills from the warehouse. */
  inputs: Record<string, readonly InputRow[]>;
  /** Whether it ever had an attribution baseline. */
  hadBaseline: boolean;
}

/** Keeps the state beside the spool, in `.revops/`. It holds digests, names and types: no data of people, no secrets. */
export async function remember(
  project: Project,
  at: Date,
  { published, rawTables, existing }: WarehouseState,
  inputs: Record<string, readonly InputRow[]>,
): Promise<void> {
  const { settings, clock: _, ...asked } = inputs;
  const file = fileOf(project);
  const written = {
    version: VERSION,
    at: at.toISOString(),
    published: [...published.values()].map((relation) => ({ ...relation, shown: null })),
    rawTables: [...rawTables.values()],
    existing: [...existing],
    inputs: asked,
    hadBaseline: settings?.[0]?.['has_baseline'] === true,
  };
  await mkdir(dirname(file), { recursive: true });
  // complete or not at all
  await writeFile(`${file}.${process.pid}`, JSON.stringify(written), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

/** Remembers what `look` finds; where that does not work nothing is remembered, rather than what is no more. */
export async function rememberOrForget(
  project: Project,
  at: Date,
  look: () => Promise<Pick<Remembered, 'state' | 'inputs'>>,
): Promise<void> {
  try {
    const { state, inputs } = await look();
    await remember(project, at, state, inputs);
  } catch {
    // what it is for is done: a plan without the warehouse is the loss
    await rm(fileOf(project), { force: true }).catch(() => undefined);
  }
}

/** What was remembered last; null where nothing was, or by another version of this program. */
export async function recall(project: Project): Promise<Remembered | null> {
  const text = await readFile(fileOf(project), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const read = JSON.parse(text) as Written;
    if (read.version !== VERSION) return null;
    const { at, published, rawTables, existing, inputs, hadBaseline } = read;
    return {
      at,
      state: {
        published: new Map(published.map((relation) => [relation.name, relation])),
        rawTables: new Map(rawTables.map((table) => [table.name, table])),
        existing: new Set(existing),
      },
      inputs,
      hadBaseline,
    };
  } catch {
    // a memory that cannot be read is none
    return null;
  }
}

/** The rows that the engine fills, without a warehouse: of those that it would tell, what was remembered. */
export async function rememberedInputs(
  project: Project,
  remembered: Remembered | null,
  now: Date,
): Promise<Record<string, readonly InputRow[]>> {
  return {
    source_coverage: [],
    ...remembered?.inputs,
    settings: settingsRows(project, await readLock(project), remembered?.hadBaseline ?? false),
    identity_settings: identityRows(project),
    check_settings: checkRows(project),
    reconciliation_settings: reconciliationRows(project),
    clock: clockRows(project, now),
  };
}

// --- internal ---

const VERSION = 2;

interface Written {
  version: number;
  at: string;
  published: (WarehouseState['published'] extends Map<string, infer R> ? R : never)[];
  rawTables: (WarehouseState['rawTables'] extends Map<string, infer R> ? R : never)[];
  existing: string[];
  inputs: Record<string, readonly InputRow[]>;
  hadBaseline: boolean;
}

function fileOf({ stateFolder, warehouse }: Project): string {
  return join(stateFolder, `plan-${warehouse.type}.json`);
}
