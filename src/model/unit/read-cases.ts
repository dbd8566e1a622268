/**
 * All cases of folders `<model>/<case>/`, packaged first.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { RevopsError } from '../../errors.ts';
import type { InputRow } from '../contract.ts';
import { readYaml } from '../read/yaml.ts';
import { readCase } from './read-case.ts';
import { caseLabel, type UnitCase } from './unit-case.ts';
import { valuesOf } from './yaml-rows.ts';

export interface CaseFolder {
  /** `revops` for the packaged ones, else the project's name. */
  origin: string;
  /** Absolute path. */
  folder: string;
  /** Lists that its cases were written with, where the project has others: those of the packaged library. */
  lists?: Record<string, readonly InputRow[]>;
}

/**
 * The cases by model and name; one in a later folder replaces an earlier one of the same model and name. A folder that
 * does not exist is empty. Its `standard.yml` has the one-row inputs that its cases begin with, over those of the folders
 * before. Throws CASE_INVALID where that cannot be read.
 */
export async function readCases(folders: readonly CaseFolder[]): Promise<UnitCase[]> {
  const cases = new Map<string, UnitCase>();
  let standard: Record<string, InputRow> = {};
  for (const { origin, folder, lists = {} } of folders) {
    standard = { ...standard, ...(await standardOf(folder, standard)) };
    const places = (await foldersIn(folder)).map(async (model) =>
      (await foldersIn(join(folder, model))).map((name) => ({ model, name })),
    );
    const about = (await Promise.all(places)).flat();
    const read = await Promise.all(
      about.map(({ model, name }) => readCase(join(folder, model, name), { model, name, origin, standard, lists })),
    );
    for (const unit of read) cases.set(caseLabel(unit), unit);
  }
  return [...cases.values()].toSorted((a, b) => (caseLabel(a) < caseLabel(b) ? -1 : 1));
}

// --- internal ---

const STANDARD = 'standard.yml';

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(emptyWhereAbsent);
  const link = entries.find((entry) => entry.isSymbolicLink() && !entry.name.startsWith('.'));
  if (link !== undefined) {
    throw invalid(`${join(folder, link.name)} is a symbolic link, which is not followed: put the folder itself here`);
  }
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function emptyWhereAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

async function standardOf(folder: string, before: Record<string, InputRow>): Promise<Record<string, InputRow>> {
  const file = join(folder, STANDARD);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const yaml = readYaml(text, 1);
  const [first] = yaml.errors;
  if (first !== undefined) throw invalid(`${file}:${first.line}: not valid YAML: ${first.message}`);
  return Object.fromEntries(
    Object.entries((yaml.value ?? {}) as Record<string, unknown>).map(([name, row]) => {
      if (typeof row !== 'object' || row === null || Array.isArray(row))
        throw invalid(`${file}:${yaml.lineOf([name])}: ${name} must be one row: columns and values`);
      return [name, { ...before[name], ...valuesOf(row as Record<string, unknown>) }];
    }),
  );
}

function invalid(message: string): RevopsError {
  return new RevopsError('CASE_INVALID', message, { hint: 'How cases are written: docs/testing.md.' });
}
