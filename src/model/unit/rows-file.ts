/**
 * Rows in a file of a case: CSV, JSON or YAML, by its ending.
 */
import { extname } from 'node:path';

import { messageOf } from '../../errors.ts';
import { readCsv } from '../read/csv.ts';
import { readYaml } from '../read/yaml.ts';
import { rowsOfYaml, type Report } from './yaml-rows.ts';
import type { CaseRow } from './unit-case.ts';

/** Endings of files that hold rows. */
export const ROW_FILES = ['.csv', '.json', '.yml', '.yaml'] as const;

/** The rows of a file; what is wrong with it is reported, and then there may be none. */
export function readRowsFile(file: string, text: string, report: Report): CaseRow[] {
  if (extname(file) === '.csv') return rowsOfCsv(file, text, report);
  // JSON is YAML, and this way its rows have lines too
  const yaml = readYaml(text, 1);
  for (const { line, message } of yaml.errors) report({ file, line, message: `not valid: ${message}` });
  if (yaml.errors.length > 0) return [];
  return rowsOfYaml(yaml.value ?? [], [], { file, lineOf: yaml.lineOf }, report);
}

// --- internal ---

function rowsOfCsv(file: string, text: string, report: Report): CaseRow[] {
  try {
    const { columns, rows, lines } = readCsv(text);
    const twice = columns.find((column, index) => columns.indexOf(column) < index);
    if (twice !== undefined) report({ file, line: 1, message: `the column ${twice} is there twice` });
    return rows.map((cells, place) => {
      const line = lines[place] ?? 1;
      const values = Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null]));
      const row = { values, file, line };
      if (cells.length !== columns.length)
        report({ file, line, message: `${cells.length} values for ${columns.length} columns` });
      return row;
    });
  } catch (error) {
    report({ file, line: 1, message: `not a CSV file: ${messageOf(error)}` });
    return [];
  }
}
