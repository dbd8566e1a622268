import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { loadProject } from '../../src/project/load.ts';
import { compileModels, replacedLists } from '../../src/project/overlay.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('compileModels', { timeout: 60_000 }, () => {
  it('puts what the config declares of conversions in place of the packaged lists', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
    folders.push(folder);
    const declared = {
      warehouse: { type: 'duckdb', path: 'w.duckdb' },
      connectors: {},
      start: '2026-01-01',
      timeZone: 'UTC',
      currency: 'EUR',
      pipeline: { version: 7, stages: [{ name: 'mql', when: { lifecycleStage: 'hot' } }] },
      conversions: { dedupHours: { lead: 1 } },
    };
    writeFileSync(join(folder, 'revops.config.ts'), `export default ${JSON.stringify(declared)};\n`);
    const project = await loadProject(folder);
    const compiled = await compileModels(project);
    const rowOf = (list: string, type: string): unknown => {
      const relation = compiled.byName.get(list);
      if (relation?.kind !== 'input') throw new Error(list);
      return relation.input.rows.find((row) => row['conversion_type'] === type);
    };
    expect(rowOf('stage_definitions', 'mql')).toMatchObject({ definition_version: '7', stage_id: 'hot' });
    expect(rowOf('deduplication', 'lead')).toMatchObject({ window_hours: '1', payment_hours: '0' });
    const replaced = await replacedLists(project, compiled);
    expect(Object.keys(replaced).toSorted()).toEqual(['deduplication', 'stage_definitions']);
  });
});
