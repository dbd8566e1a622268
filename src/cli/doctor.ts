/**
 * `revops doctor`: is everything a run needs there?
 */
import { existsSync } from 'node:fs';

import type { Connector, Diagnosis } from '../connector/contract.ts';
import { messageOf, RevopsError } from '../errors.ts';
import { requireAlertCommand, requireWebhook } from '../project/alert-settings.ts';
import type { Project } from '../project/load.ts';
import type { CommandContext, Options } from './context.ts';
import { readReadiness } from '../quality/index.ts';
import { accountsAgainstProject } from './doctor-accounts.ts';
import { failureOf } from './failure.ts';
import { plural } from './format.ts';
import { openProject, withReader, withWarehouse } from './session.ts';
import { adviceFor } from './status.ts';
import { renderTable } from './table.ts';

export async function doctor(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const found: Diagnosis[] = [checkNode()];
  const project = await openProject(context);
  if (options['roles'] !== undefined) return (await import('./doctor-roles.ts')).doctorRoles(context, project, options);
  if (options['apply'] === true) {
    throw new RevopsError('USAGE', '--apply is for --roles', { hint: 'doctor itself changes nothing.' });
  }
  found.push({ subject: 'config', status: 'ok', message: project.configFile });
  found.push(await checkWarehouse(context, project));
  if (found.at(-1)?.status === 'ok') found.push(...(await checkSize(context, project)));
  found.push(checkIdentity(project));
  found.push(...(await checkAlerts(project)));
  for (const connector of project.connectors) {
    const lines = await checkConnector(context, connector);
    const held = accountsAgainstProject(lines, project);
    found.push(...lines, ...held.map((line) => ({ ...line, subject: named(connector.name, line.subject) })));
  }
  if (context.globals.json) context.terminal.printJson(found);
  else context.terminal.print(render(found, context.terminal.width));
  const wrong = found.filter(({ status }) => status === 'error');
  if (wrong.length === 0) return;
  throw new RevopsError(
    'UNHEALTHY',
    `${plural(wrong.length, 'check')} failed: ${wrong.map(({ subject }) => subject).join(', ')}`,
    {
      hint: 'The lines marked error above say what to do.',
    },
  );
}

// --- internal ---

function checkNode(): Diagnosis {
  return { subject: 'node', status: 'ok', message: process.versions.node };
}

/** Without a secret the build works, and people are joined by less. */
function checkIdentity({ identity: { secret } }: Project): Diagnosis {
  const subject = 'identity.secret';
  if (secret === undefined) {
    return { subject, status: 'warning', message: 'not in the config: e-mails and phones join nobody' };
  }
  return secret.missing === undefined
    ? { subject, status: 'ok', message: secret.origin }
    : { subject, status: 'error', message: withHint(secret.missing) };
}

/** A run would end at the beginning, or tell nobody what it left wrong. */
async function checkAlerts(project: Project): Promise<Diagnosis[]> {
  const { webhook, command } = project.alerts;
  const found: Diagnosis[] = [];
  const check = async (subject: string, message: string, require: () => void | Promise<void>): Promise<void> => {
    try {
      await require();
      found.push({ subject, status: 'ok', message });
    } catch (error) {
      found.push({ subject, status: 'error', message: withHint(error) });
    }
  };
  if (webhook !== undefined) await check('alerts.webhook', webhook.origin, () => requireWebhook(project));
  if (command !== undefined) {
    await check('alerts.command', command[0] ?? '', () => requireAlertCommand(project));
  }
  return found;
}

async function checkWarehouse(context: CommandContext, project: Project): Promise<Diagnosis> {
  if (project.warehouse.type === 'duckdb' && !existsSync(project.warehouse.path)) {
    return {
      subject: 'warehouse',
      status: 'warning',
      message: `${project.warehouse.path} does not exist yet; the first sync makes it`,
    };
  }
  try {
    return await withWarehouse(context, project, { readOnly: true }, async (warehouse) => {
      await warehouse.query('select 1 as one');
      return { subject: 'warehouse', status: 'ok', message: warehouse.location };
    });
  } catch (error) {
    return { subject: 'warehouse', status: 'error', message: withHint(error) };
  }
}

/** Whether so much needs a warehouse at all, as last built. */
function checkSize(context: CommandContext, project: Project): Promise<Diagnosis[]> {
  return withReader(context, project, async (session) => {
    if ((await session.describe({ schema: 'marts', name: 'readiness' })) === null) return [];
    const advice = adviceFor(await readReadiness(session), project.checks.spreadsheetConversions);
    return advice.map((message) => ({ subject: 'size', status: 'ok' as const, message }));
  });
}

async function checkConnector(context: CommandContext, connector: Connector): Promise<Diagnosis[]> {
  const missing = connector.secrets.filter(({ secret }) => secret.missing !== undefined);
  if (missing.length > 0) {
    return missing.map(({ path, secret }) => ({ subject: path, status: 'error', message: withHint(secret.missing) }));
  }
  try {
    const connection = await connector.open({
      now: context.now,
      signal: context.signal,
      note: (message) => context.terminal.say(message),
    });
    try {
      return (await connection.check()).map((line) => ({ ...line, subject: named(connector.name, line.subject) }));
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (context.signal.aborted) throw error;
    return [{ subject: connector.name, status: 'error', message: withHint(error) }];
  }
}

function named(connector: string, subject: string): string {
  return subject === connector || subject.startsWith(`${connector} `) ? subject : `${connector}: ${subject}`;
}

function withHint(error: unknown): string {
  const { message, hint } = failureOf(error);
  return hint === undefined ? messageOf(message) : `${messageOf(message)}. ${hint}`;
}

function render(found: readonly Diagnosis[], width: number): string {
  return renderTable(
    [{ title: 'Status' }, { title: 'Subject' }, { title: 'Message' }],
    found.map(({ subject, status, message }) => [status, subject, message]),
    width,
  );
}
