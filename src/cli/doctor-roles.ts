/**
 * `revops doctor --roles`: roles of a Postgres warehouse with the least privileges, printed or made.
 */
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { requireSecret } from '../project/secrets.ts';
import { roleNames, rolesScript } from '../warehouse/roles.ts';
import type { CommandContext, Options } from './context.ts';
import { withWarehouse } from './session.ts';

/** Schemas that a build writes. */
const MODEL_SCHEMAS = ['reference', 'staging', 'feeds', 'core', 'marts', 'quality', 'revops_store'];

export async function doctorRoles(context: CommandContext, project: Project, options: Options): Promise<void> {
  const { terminal, globals } = context;
  const { warehouse: config } = project;
  if (config.type !== 'postgres') {
    throw new RevopsError('USAGE', '--roles: a DuckDB file has no roles', {
      hint: 'Whoever may read the file reads all of it: set its permissions, and those of its folder.',
    });
  }
  requireSecret(config.url, 'warehouse.url');
  const roles = roleNames(prefixOf(options['roles']));
  const script = rolesScript(roles, databaseOf(config.url.reveal()), MODEL_SCHEMAS);
  const isApplied = options['apply'] === true;
  if (isApplied) {
    await withWarehouse(context, project, { readOnly: false }, (warehouse) =>
      warehouse.transaction((session) => session.script(script)),
    );
  }
  if (globals.json) return terminal.printJson({ roles, applied: isApplied, script });
  if (!isApplied) return terminal.print(script);
  const { loader, builder, reader } = roles;
  terminal.print(`Made, or brought up to date: ${loader} (sync), ${builder} (build), ${reader} (query, cac, check).`);
  terminal.print(`Give each a password: \\password ${loader} in psql. docs/security.md says who uses which.`);
}

// --- internal ---

function prefixOf(given: Options[string]): string {
  if (typeof given !== 'string') return 'revops';
  if (/^[a-z][a-z0-9_]{0,40}$/.test(given)) return given;
  throw new RevopsError('USAGE', `--roles: ${JSON.stringify(given)} is no prefix of role names`, {
    hint: 'Lower-case letters, digits and _, at most 41 of them.',
  });
}

/** That of the URL; without one, the user's own, as the server has it. */
function databaseOf(url: string): string {
  const { pathname, username } = new URL(url);
  return decodeURIComponent(pathname.slice(1) || username);
}
