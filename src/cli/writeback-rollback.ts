/**
 * `revops writeback crm --rollback FILE`: what fields held before, put back where nobody has changed them since.
 */
import { RECORD_KINDS, type OpenWriter, type RecordFields, type RecordKind } from '../connector/write.ts';
import { RevopsError } from '../errors.ts';
import { differenceOf, logWritten, readRollbackFile, writeChanges, type RollbackFile } from '../outbound/index.ts';
import type { Project } from '../project/load.ts';
import type { CommandContext, Options } from './context.ts';
import { withLease } from './session.ts';
import { report, requireWritten, withWriter } from './writeback.ts';
import type { KindReport } from './writeback-report.ts';

export async function rollbackCommand(context: CommandContext, project: Project, options: Options): Promise<void> {
  const file = await readRollbackFile(String(options['rollback']));
  const connector = project.connectors.find(({ name }) => name === file.connector);
  if (connector === undefined) {
    throw new RevopsError('USAGE', `the file is of the connector ${file.connector}, which the config does not have`);
  }
  const runId = crypto.randomUUID();
  const isDry = options['dryRun'] === true;
  const reports: KindReport[] = [];
  await withWriter(context, connector, async (writer) => {
    for (const kind of RECORD_KINDS) {
      const records = file.records.filter((record) => record.kind === kind);
      // oxlint-disable-next-line no-await-in-loop -- the connection paces itself
      if (records.length > 0)
        reports.push(await differenceBack(writer, file, kind, records, options['force'] === true));
    }
    if (isDry || reports.every(({ changes }) => changes.length === 0)) return;
    await withLease(context, project, async (warehouse) => {
      for (const own of reports) {
        const run = { runId, connector: connector.name, forced: null };
        // oxlint-disable-next-line no-await-in-loop -- one kind after the other
        const outcome = await writeChanges(
          writer,
          own.kind,
          own.changes,
          (records) => logWritten(warehouse, { ...run, at: context.now() }, records),
          'rolled_back',
        );
        Object.assign(own, outcome);
      }
    });
  });
  report(context, { reports, files: [], standing: null, mode: isDry ? 'dry_run' : 'rolled_back', runId });
  requireWritten(reports);
}

// --- internal ---

/** Fields that hold something else than what was written are somebody's: left as they are, unless forced. */
async function differenceBack(
  writer: OpenWriter,
  { connector }: RollbackFile,
  kind: RecordKind,
  records: RollbackFile['records'],
  isForced: boolean,
): Promise<KindReport> {
  const known = await writer.fields(kind);
  const names = [...new Set(records.flatMap(({ fields }) => Object.keys(fields)))];
  const present = await writer.read(
    kind,
    records.map(({ id }) => id),
    names,
  );
  const touched = new Set(differenceOf(valuesOf(records, 'after'), present, known).changes.map(({ id }) => id));
  const back = differenceOf(valuesOf(records, 'before'), present, known);
  const conflicts = isForced ? [] : back.changes.filter(({ id }) => touched.has(id)).map(({ id }) => id);
  const changes = back.changes.filter(({ id }) => !conflicts.includes(id));
  return { connector, kind, ...back, changes, conflicts, suppressed: {}, written: 0, failed: [] };
}

function valuesOf(records: RollbackFile['records'], side: 'before' | 'after'): RecordFields[] {
  return records.map(({ id, fields }) => ({
    id,
    values: Object.fromEntries(Object.entries(fields).map(([name, change]) => [name, change[side]])),
  }));
}
