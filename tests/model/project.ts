/**
 * Small projects on disk for the tests of the model engine.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

import type { ModelProject } from '../../src/model/contract.ts';
import { readModelProject } from '../../src/model/read/read.ts';

export type Files = Record<string, string>;

/** Writes files (`models/core/deals.sql`, `sql/duckdb/functions.sql`) into a temporary folder, gone after the test. */
export function writeFiles(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'revops-models-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Reads one folder of files per origin, the packaged one first. */
export async function projectOf(...folders: Files[]): Promise<ModelProject> {
  return readModelProject(
    folders.map((files, index) => {
      const folder = writeFiles(files);
      return { origin: index === 0 ? 'revops' : 'own', models: join(folder, 'models'), sql: join(folder, 'sql') };
    }),
  );
}

/** A model's file: `columns` as `name type`, the first one is the grain unless given. */
export function model(columns: string[], sql: string, header = ''): string {
  const listed = columns.map((column) => {
    const [, name = '', type = ''] = /^(\w+) (.*)$/.exec(column) ?? [];
    return `  ${name}: { type: '${type}', description: A column. }`;
  });
  const grain = header.includes('grain:') ? '' : `grain: [${columns[0]?.split(' ')[0] ?? ''}]\n`;
  return `/*\ndescription: Made for a test.\n${grain}${header === '' ? '' : `${header}\n`}columns:\n${listed.join('\n')}\n*/\n${sql}\n`;
}
