/**
 * Checks what a config lets out: `writeback` and `activation`.
 */
import { z } from 'zod';

import { RECORD_KINDS } from '../connector/write.ts';

/** Which column of the model goes into which field. */
const fields = z
  .record(z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'expected a column' }), z.string().min(1))
  .check(({ value, issues }) => {
    for (const [column, field] of Object.entries(value)) {
      const other = Object.keys(value).find((name) => name !== column && value[name] === field);
      if (other === undefined || other < column) continue;
      issues.push({ code: 'custom', input: field, path: [other], message: `${column} goes into ${field}, too` });
    }
  });

/** By connector, kind of record and column. */
export const writeback = z.record(z.string(), z.partialRecord(z.enum(RECORD_KINDS), fields)).default({});

export const activation = z
  .strictObject({ consent: z.enum(['required', 'unless_refused']).default('required') })
  .prefault({});
