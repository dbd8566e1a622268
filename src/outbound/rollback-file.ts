/**
 * What fields held before they were written, so that they can be put back.
 */
import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { RECORD_KINDS } from '../connector/write.ts';
import { messageOf, RevopsError } from '../errors.ts';

const change = z.strictObject({ before: z.string().nullable(), after: z.string().nullable() });

const schema = z.strictObject({
  version: z.literal(1),
  run_id: z.string(),
  connector: z.string(),
  written_at: z.string(),
  records: z.array(
    z.strictObject({ kind: z.enum(RECORD_KINDS), id: z.string(), fields: z.record(z.string(), change) }),
  ),
});

export type RollbackFile = z.output<typeof schema>;

/** Reads one. USAGE where it is none. */
export async function readRollbackFile(file: string): Promise<RollbackFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RevopsError('USAGE', `--rollback ${file}: ${messageOf(error)}`);
  });
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RevopsError('USAGE', `--rollback ${file} is no rollback file: ${issue?.path.join('.')} ${issue?.message}`, {
    hint: '`revops writeback crm --apply` writes one, and says where.',
  });
}

export function rollbackText(content: RollbackFile): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

// --- internal ---

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
