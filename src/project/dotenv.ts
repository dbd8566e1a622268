/**
 * The `.env` file beside the config.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

import { RevopsError } from '../errors.ts';

/** Sets what the file sets and the environment does not. An absent file is fine; an unreadable one is CONFIG_INVALID. */
export function loadDotenv(file: string, environment: NodeJS.ProcessEnv = process.env): void {
  const text = readIfThere(file);
  if (text === null) return;
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (environment[name] === undefined && value !== undefined) environment[name] = value;
  }
}

// --- internal ---

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new RevopsError('CONFIG_INVALID', `cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}
