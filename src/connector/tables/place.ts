/**
 * Where the config says that a tracker's tables are: a schema of the warehouse, or files.
 */
import { z } from 'zod';

import { RevopsError } from '../../errors.ts';
import type { ConnectContext, ProjectFacts } from '../contract.ts';
import type { Tables } from './contract.ts';
import { leadsOut } from '../project-paths.ts';
import { fileTables } from './file-tables.ts';

export interface TablePlace {
  schema?: string | undefined;
  files?: Readonly<Record<string, string>> | undefined;
}

/** Options `schema` and `files`, of which exactly one is given. `tables`: the names that files may have. */
export function placeOptions(tables: readonly [string, ...string[]]): {
  schema: z.ZodOptional<z.ZodString>;
  files: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
} {
  const file = z
    .string()
    .regex(/\.(parquet|json|jsonl|ndjson)(\.gz|\.zst)?$/i, FORMATS)
    .refine((given) => !leadsOut(given), 'leads out of the project; give an absolute path to read there');
  const files = z
    .record(z.string(), file)
    .refine(
      (given) => Object.keys(given).every((name) => tables.includes(name)),
      `the tables are ${tables.join(', ')}`,
    );
  return { schema: z.string().min(1).optional(), files: files.optional() };
}

/** For `refine`: exactly one place. */
export function isOnePlace({ schema, files }: TablePlace): boolean {
  return (schema === undefined) !== (files === undefined || Object.keys(files).length === 0);
}

export const ONE_PLACE = "expected either schema: 'tracker_prod' (in the warehouse) or files: { … }";

/** The tables at a place, under their own names. */
export function tablesAt(
  place: TablePlace,
  { tables }: Pick<ConnectContext, 'tables'>,
  project: ProjectFacts | null,
): Tables {
  if (place.files !== undefined) return fileTables(project?.folder ?? '.', place.files);
  const full = (table: string): string => `${place.schema}.${table}`;
  const inWarehouse = (): Tables => {
    if (tables !== undefined) return tables;
    throw new RevopsError('INTERNAL', 'the tables of the warehouse are read in a sync only');
  };
  return {
    columns: async (table) => inWarehouse().columns(full(table)),
    last: async (table, column) => inWarehouse().last(full(table), column),
    rows: (table, request) => inWarehouse().rows(full(table), request),
  };
}

// --- internal ---

const FORMATS = 'expected a path or glob of .parquet, .json or .jsonl files';
