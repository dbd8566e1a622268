/**
 * Checks before a run that every secret it needs is there, and says where each is needed.
 */
import { RevopsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { Project } from './load.ts';

/** Throws SECRET_MISSING for the first secret that the given connectors need and that isn't there. */
export function requireSecrets(project: Project, connectors: readonly string[]): void {
  for (const connector of project.connectors) {
    if (!connectors.includes(connector.name)) continue;
    for (const { path, secret } of connector.secrets) requireSecret(secret, path);
  }
}

/** Throws SECRET_MISSING with the option that needs it. */
export function requireSecret(secret: Secret, path: string): void {
  const { missing } = secret;
  if (missing === undefined) return;
  throw new RevopsError('SECRET_MISSING', `${path}: ${missing.message}`, {
    cause: missing,
    ...(missing.hint === undefined ? {} : { hint: missing.hint }),
  });
}
