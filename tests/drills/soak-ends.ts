/**
 * What must hold of a disturbed project after its last day.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openWarehouse } from '../../src/warehouse/index.ts';
import type { CompanyProject } from '../support/company.ts';
import { type Contents, contentsOf, differencesOf, orphanTables } from '../support/contents.ts';
import { personalData } from '../support/personal-data.ts';
import type { Soaked } from './soak-days.ts';

/** Sums of doubles may differ between engines. */
const BETWEEN_ENGINES = 1e-9;

/** Lines that say what is wrong with it, measured by a project that nothing disturbed; empty: all is well. */
export async function wrongOf(calm: Soaked, troubled: Soaked, secrets: readonly string[]): Promise<string[]> {
  const wanted = await held(calm.project);
  const found = await held(troubled.project);
  const tolerance = calm.project.engine === troubled.project.engine ? 0 : BETWEEN_ENGINES;
  const state = join(troubled.project.folder, '.revops');
  const left = existsSync(state) ? readdirSync(join(state), { recursive: true, withFileTypes: true }) : [];
  return [
    ...troubled.diary.wrong,
    ...differencesOf(found.contents, wanted.contents, tolerance),
    ...found.orphans.map((table) => `revops_store.${table} belongs to nothing published`),
    ...left
      .filter((entry) => entry.isFile() && entry.name.includes('.csv'))
      .map((entry) => `the spool still holds ${entry.name}`),
    ...(await personalData(troubled.project.warehouse, secrets, {
      'the logs': readFileSync(troubled.logs, 'utf8'),
    })),
  ];
}

// --- internal ---

async function held(project: CompanyProject): Promise<{ contents: Map<string, Contents>; orphans: string[] }> {
  const warehouse = await openWarehouse(project.warehouse, { readOnly: true });
  try {
    return { contents: await contentsOf(warehouse), orphans: await orphanTables(warehouse) };
  } finally {
    await warehouse.close();
  }
}
