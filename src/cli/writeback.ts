/**
 * `revops writeback`: attribution into fields of the CRM. Says what it would change; writes only with --apply.
 */
import path from 'node:path';

import type { Connection, Connector } from '../connector/contract.ts';
import { RECORD_KINDS, type OpenWriter } from '../connector/write.ts';
import { RevopsError } from '../errors.ts';
import {
  differenceOf,
  logWritten,
  rollbackText,
  writeChanges,
  writePrivateFile,
  type RollbackFile,
} from '../outbound/index.ts';
import type { Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import { recordForced } from '../quality/index.ts';
import type { Session } from '../warehouse/contract.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { operator } from './operator.ts';
import { openProject, withLease, withReader } from './session.ts';
import { readTrust, trustLines, untrusted, type Standing } from './trust.ts';
import { renderChanges, renderOutcome, type KindReport } from './writeback-report.ts';
import { asFields, wantedRecords, type WantedRecords } from './writeback-rows.ts';

export async function writebackCommand(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const project = await openProject(context);
  if (typeof options['rollback'] === 'string') {
    return (await import('./writeback-rollback.ts')).rollbackCommand(context, project, options);
  }
  const isApplied = isAsked(options);
  const connectors = chosen(project, words);
  const { wanted, standing } = await withReader(context, project, async (session) => ({
    wanted: await wantedOf(project, session, connectors),
    standing: await readTrust(context, project, session),
  }));
  if (isApplied && options['force'] !== true && standing.trust !== 'trusted') {
    throw untrusted(standing, 'nothing is written, since the numbers would be');
  }
  const runId = crypto.randomUUID();
  const reports: KindReport[] = [];
  const files: string[] = [];
  for (const connector of connectors) {
    // oxlint-disable-next-line no-await-in-loop -- one system after the other
    await withWriter(context, connector, async (writer) => {
      const own = await differences(project, connector, writer, wanted.get(connector.name) ?? []);
      reports.push(...own);
      if (!isApplied || own.every(({ changes }) => changes.length === 0)) return;
      const file = rollbackPath(project, options, connector, context.now(), runId);
      await writePrivateFile(file, rollbackText(rollbackOf(own, connector.name, runId, context.now())));
      files.push(file);
      await apply(context, project, writer, own, { runId, connector: connector.name, standing, options });
    });
  }
  report(context, { reports, files, standing, mode: isApplied ? 'applied' : 'dry_run', runId });
  requireWritten(reports);
}

/** Opens the connection that writes, and closes it. */
export async function withWriter(
  context: CommandContext,
  connector: Connector,
  work: (writer: OpenWriter) => Promise<void>,
): Promise<void> {
  for (const { path: option, secret } of connector.secrets) requireSecret(secret, option);
  const connection: Connection = await connector.open({
    now: context.now,
    signal: context.signal,
    note: (message) => context.terminal.say(message),
  });
  try {
    if (connection.write === undefined) throw new RevopsError('USAGE', `the connector ${connector.name} only reads`);
    await work(connection.write);
  } finally {
    await connection.close();
  }
}

/** PARTIAL where records could not be written: the next run tries them again, since they still differ. */
export function requireWritten(reports: readonly KindReport[]): void {
  const failed = reports.flatMap((one) => one.failed);
  const [first] = failed;
  if (first === undefined) return;
  throw new RevopsError(
    'PARTIAL',
    `${plural(failed.length, 'record')} could not be written, the first ${first.kind} ${first.id}: ${first.message ?? ''}`,
    { hint: 'All others are. `select * from revops.written_records` has each; the same command tries them again.' },
  );
}

export function report(
  { terminal, globals }: CommandContext,
  {
    reports,
    files,
    standing,
    mode,
    runId,
  }: {
    reports: readonly KindReport[];
    files: readonly string[];
    standing: Standing | null;
    mode: string;
    runId: string;
  },
): void {
  if (globals.json) {
    const { trust = null, because = [] } = standing ?? {};
    return terminal.printJson({ mode, run_id: runId, trust, because, rollback_files: files, kinds: reports });
  }
  const lines = standing === null ? [] : trustLines(standing);
  terminal.print([...lines, renderChanges(reports, terminal.width)].join('\n'));
  if (mode === 'dry_run') return terminal.say('\nNothing was written; --apply writes it.');
  terminal.print(`\n${renderOutcome(reports)}`);
  for (const file of files) terminal.print(`What was there before: ${file}; --rollback puts it back.`);
}

// --- internal ---

/** USAGE where both, or a word that means neither, are given. */
function isAsked(options: Options): boolean {
  if (options['apply'] === true && options['dryRun'] === true) {
    throw new RevopsError('USAGE', 'give either --apply or --dry-run, not both');
  }
  return options['apply'] === true;
}

/** `crm`: all that the config names under `writeback`. */
function chosen({ connectors, writeback }: Project, [word = 'crm']: readonly string[]): Connector[] {
  const named = Object.keys(writeback);
  if (named.length === 0) {
    throw new RevopsError('USAGE', 'the config has no writeback: nothing says what goes into which field', {
      hint: "writeback: { <connector>: { contacts: { first_touch_channel: 'the_field' } } }; see docs/activation.md.",
    });
  }
  if (word !== 'crm' && !named.includes(word)) {
    throw new RevopsError('USAGE', `writeback: there is no ${JSON.stringify(word)} in the config's writeback`, {
      hint: `Give crm for all, or one of: ${named.join(', ')}.`,
    });
  }
  return connectors.filter(({ name }) => named.includes(name) && (word === 'crm' || word === name));
}

async function wantedOf(
  project: Project,
  session: Session,
  connectors: readonly Connector[],
): Promise<Map<string, WantedRecords[]>> {
  const wanted = new Map<string, WantedRecords[]>();
  for (const { name } of connectors) {
    const own: WantedRecords[] = [];
    for (const kind of RECORD_KINDS) {
      const fields = project.writeback[name]?.[kind];
      // oxlint-disable-next-line no-await-in-loop -- one connection
      if (fields !== undefined) own.push(await wantedRecords(session, name, kind, fields));
    }
    wanted.set(name, own);
  }
  return wanted;
}

async function differences(
  { timeZone }: Project,
  { name: connector }: Connector,
  writer: OpenWriter,
  wanted: readonly WantedRecords[],
): Promise<KindReport[]> {
  const reports: KindReport[] = [];
  for (const own of wanted) {
    const { kind, suppressed } = own;
    // oxlint-disable-next-line no-await-in-loop -- the connection paces itself
    const known = await writer.fields(kind);
    const records = asFields(own, known, { connector, timeZone });
    const ids = records.map(({ id }) => id);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const present = await writer.read(kind, ids, Object.values(own.fields));
    reports.push({ connector, kind, ...differenceOf(records, present, known), suppressed, written: 0, failed: [] });
  }
  return reports;
}

/** Under the lease, so that no two of them write at once; the log grows with every batch. */
async function apply(
  context: CommandContext,
  project: Project,
  writer: OpenWriter,
  reports: readonly KindReport[],
  { runId, connector, standing, options }: { runId: string; connector: string; standing: Standing; options: Options },
): Promise<void> {
  const isForced = standing.trust !== 'trusted';
  await withLease(context, project, async (warehouse) => {
    if (isForced) {
      const reason = typeof options['reason'] === 'string' ? options['reason'] : null;
      const { trust, because } = standing;
      const forced = { at: context.now().toISOString(), by: operator(), reason, trust, because };
      await recordForced(warehouse, { ...forced, command: `writeback ${connector} --apply` });
    }
    const run = { runId, connector, forced: isForced ? JSON.stringify(standing.because) : null };
    for (const own of reports) {
      // oxlint-disable-next-line no-await-in-loop -- one kind after the other
      const outcome = await writeChanges(writer, own.kind, own.changes, (records) =>
        logWritten(warehouse, { ...run, at: context.now() }, records),
      );
      Object.assign(own, outcome);
    }
  });
}

function rollbackPath(project: Project, options: Options, { name }: Connector, now: Date, runId: string): string {
  const folder = typeof options['folder'] === 'string' ? options['folder'] : 'writeback';
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return path.resolve(project.folder, folder, `${name}-${stamp}-${runId.slice(0, 8)}.json`);
}

function rollbackOf(reports: readonly KindReport[], connector: string, runId: string, now: Date): RollbackFile {
  return {
    version: 1,
    run_id: runId,
    connector,
    written_at: now.toISOString(),
    records: reports.flatMap(({ kind, changes }) => changes.map(({ id, fields }) => ({ kind, id, fields }))),
  };
}
