/**
 * Writes changes into records, and tells of each what became of it.
 */
import type { OpenWriter, RecordKind } from '../connector/write.ts';
import type { RecordChange } from './field-changes.ts';
import type { WrittenRecord } from './written-records.ts';

/**
 * Writes them; those that fail are tried once more when all others are through. `onWritten` is called with what is known for
 * good, as soon as it is. Throws what the writer throws: then what was told before is written, and the rest is not.
 */
export async function writeChanges(
  writer: OpenWriter,
  kind: RecordKind,
  changes: readonly RecordChange[],
  onWritten: (records: WrittenRecord[]) => Promise<void>,
  outcome: 'written' | 'rolled_back' = 'written',
): Promise<{ written: number; failed: WrittenRecord[] }> {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const told = (id: string, problem: string | null): WrittenRecord => ({
    kind,
    id,
    fields: Object.keys(byId.get(id)?.fields ?? {}),
    outcome: problem === null ? outcome : 'failed',
    message: problem,
  });
  let written = 0;
  const attempt = async (ids: readonly string[], isLast: boolean): Promise<WrittenRecord[]> => {
    const failed: WrittenRecord[] = [];
    const records = ids.flatMap((id) => {
      const change = byId.get(id);
      return change === undefined ? [] : [{ id, values: afterOf(change) }];
    });
    for await (const outcomes of writer.update(kind, records)) {
      const results = outcomes.map(({ id, problem }) => told(id, problem));
      const bad = results.filter((result) => result.outcome === 'failed');
      const settled = isLast ? results : results.filter((result) => result.outcome !== 'failed');
      failed.push(...bad);
      written += results.length - bad.length;
      if (settled.length > 0) await onWritten(settled);
    }
    return failed;
  };
  const first = await attempt([...byId.keys()], false);
  const failed =
    first.length === 0
      ? []
      : await attempt(
          first.map(({ id }) => id),
          true,
        );
  return { written, failed };
}

// --- internal ---

function afterOf({ fields }: RecordChange): Record<string, string | null> {
  return Object.fromEntries(Object.entries(fields).map(([name, { after }]) => [name, after]));
}
