/**
 * Whether alerts can be told at all, found before there is one.
 */
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';

import { RevopsError } from '../errors.ts';
import type { Project } from './load.ts';
import { requireSecret } from './secrets.ts';

/** Throws SECRET_MISSING or CONFIG_INVALID where `alerts.webhook` is no address. Its text is a secret, and never named. */
export function requireWebhook({ alerts: { webhook } }: Project): void {
  if (webhook === undefined) return;
  requireSecret(webhook, 'alerts.webhook');
  const url = URL.parse(webhook.reveal());
  if (url !== null && /^https?:$/.test(url.protocol)) return;
  throw new RevopsError('CONFIG_INVALID', `alerts.webhook: ${webhook.origin} is no URL`, {
    hint: 'Give the whole address, https:// included.',
  });
}

/** Throws CONFIG_INVALID where the program of `alerts.command` is not there, as the system would look for it. */
export async function requireAlertCommand({ alerts: { command }, folder }: Project): Promise<void> {
  const [program] = command ?? [];
  if (program === undefined) return;
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  for (const place of folders) {
    if (await isProgram(resolve(folder, place, program))) return;
  }
  throw new RevopsError('CONFIG_INVALID', `alerts.command: there is no program ${program}`, {
    hint: program.includes('/')
      ? 'Its path is relative to the config; it has to be executable.'
      : 'It is looked for in the folders of PATH; give its whole path for cron, whose PATH is short.',
  });
}

// --- internal ---

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
