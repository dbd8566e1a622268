/**
 * Secrets of a project: read from the environment when the config is loaded, missing only when they are needed.
 */
import { basename } from 'node:path';
import { getCallSites } from 'node:util';

import { RevopsError } from '../errors.ts';
import { Secret } from '../secret.ts';

/**
 * A secret from the environment variable `name` (or from `.env` beside the config). An absent or empty variable is no
 * error here: whoever needs the value gets SECRET_MISSING, so that commands that need no secret work without.
 */
export function env(name: string): Secret {
  const value = process.env[name];
  if (value !== undefined && value !== '') return new Secret(value, `env ${name}`);
  return new Secret(
    new RevopsError('SECRET_MISSING', `the environment variable ${name} is not set (${callerOf()})`, {
      hint: `Set ${name} in the environment or in the file .env beside revops.config.ts.`,
    }),
    `env ${name}`,
  );
}

// --- internal ---

/** The line of the config that asks for the variable. */
function callerOf(): string {
  const site = getCallSites(3)[2];
  return site === undefined ? 'used by the config' : `used in ${fileOf(site.scriptName)}:${site.lineNumber}`;
}

/** A module that is imported once more has a query in its name. */
function fileOf(script: string): string {
  return basename(script.replace(/\?.*$/, ''));
}
