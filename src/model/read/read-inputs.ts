/**
 * Relations that no SELECT makes: `reference/x.csv`, and the yml files beside it that describe them by name.
 */
import { basename } from 'node:path';

import type { InputRelation, InputRow, ModelColumn } from '../contract.ts';
import { readCsv } from './csv.ts';
import { readLocatedHeader } from './header.ts';
import type { ModelFile } from './model-file.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import { isOfType } from './value-of-type.ts';
import { entryOf, readYaml } from './yaml.ts';

/**
 * The inputs of one folder. A CSV without a description of its own takes the one of `earlier` (the list it replaces),
 * else its columns are text.
 */
export function readInputs(
  files: readonly ModelFile[],
  origin: string,
  earlier: ReadonlyMap<string, InputRelation>,
  problems: Problem[],
): InputRelation[] {
  const declared = new Map(
    files
      .filter((file) => !file.shown.endsWith('.csv'))
      .flatMap((file) => readDeclarations(file, origin, problems))
      .map((input) => [input.name, input]),
  );
  const lists = files.filter((file) => file.shown.endsWith('.csv'));
  for (const file of lists) {
    const name = basename(file.shown, '.csv');
    const list = readList(file, name, origin, declared.get(name) ?? earlier.get(name), problems);
    if (list !== undefined) declared.set(name, list);
  }
  for (const input of declared.values()) {
    if (
      input.filledBy === 'file' &&
      !input.file.endsWith('.csv') &&
      !lists.some((file) => basename(file.shown, '.csv') === input.name)
    ) {
      problems.push({
        code: 'MODEL_INVALID',
        file: input.file,
        message: `${input.name} is filled by a file, but there is no ${input.name}.csv`,
      });
    }
  }
  return [...declared.values()];
}

// --- internal ---

function readDeclarations(file: ModelFile, origin: string, problems: Problem[]): InputRelation[] {
  const yaml = readYaml(file.text, 1);
  for (const error of yaml.errors)
    problems.push({
      code: 'MODEL_INVALID',
      file: file.shown,
      line: error.line,
      message: `not valid YAML: ${error.message}`,
    });
  if (typeof yaml.value !== 'object' || yaml.value === null) return [];
  return Object.keys(yaml.value).flatMap((name): InputRelation[] => {
    const read = readLocatedHeader('input', entryOf(yaml, name), { file: file.shown, checks: new Set() }, problems);
    if (read === undefined) return [];
    const { filled_by: filledBy, description, grain } = read.header;
    return [
      {
        name,
        description: description.trim(),
        origin,
        filledBy,
        grain,
        columns: read.columns,
        rows: [],
        file: file.shown,
      },
    ];
  });
}

function readList(
  file: ModelFile,
  name: string,
  origin: string,
  described: InputRelation | undefined,
  problems: Problem[],
): InputRelation | undefined {
  const report = (message: string, line = 1): undefined => {
    problems.push({ code: 'MODEL_INVALID', file: file.shown, line, message });
    return undefined;
  };
  let csv: ReturnType<typeof readCsv>;
  try {
    csv = readCsv(file.text);
  } catch (error) {
    return report(`not a CSV file: ${error instanceof Error ? error.message : String(error)}`);
  }
  const bad = csv.columns.find((column) => !/^[a-z][a-z0-9_]{0,62}$/.test(column));
  if (csv.columns.length === 0 || bad !== undefined) {
    return report(`column names are lower case letters, digits and _; found ${JSON.stringify(bad ?? '')}`);
  }
  const twice = csv.columns.find((column, index) => csv.columns.indexOf(column) < index);
  if (twice !== undefined) return report(`the column ${twice} is there twice`);
  if (described !== undefined) {
    const known = described.columns.map((column) => column.name);
    const unknown = csv.columns.find((column) => !known.includes(column));
    if (unknown !== undefined) return report(`the column ${unknown} is not described${didYouMean(unknown, known)}`);
  }
  const columns =
    described?.columns ?? csv.columns.map((column): ModelColumn => ({ name: column, type: 'text', description: '' }));
  const types = new Map(columns.map((column) => [column.name, column.type]));
  csv.rows.forEach((row, index) => {
    const line = csv.lines[index] ?? 1;
    if (row.length !== csv.columns.length) report(`${row.length} values for ${csv.columns.length} columns`, line);
    csv.columns.forEach((column, place) => {
      const value = row[place] ?? null;
      const type = types.get(column) ?? 'text';
      if (value === null || isOfType(value, type)) return;
      report(`${column}: ${JSON.stringify(value)} is no ${type}`, line);
    });
  });
  return {
    name,
    description: described?.description ?? '',
    origin,
    filledBy: 'file',
    grain: described?.grain ?? [],
    columns,
    rows: csv.rows.map((row): InputRow =>
      Object.fromEntries(csv.columns.map((column, index) => [column, row[index] ?? null])),
    ),
    file: file.shown,
  };
}
