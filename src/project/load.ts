/**
 * Loads a project: finds the config, reads `.env`, imports the config natively, checks it, resolves its paths.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Connector } from '../connector/contract.ts';
import { isRevopsError, messageOf, RevopsError } from '../errors.ts';
import type { WarehouseConfig } from '../warehouse/config.ts';
import { loadDotenv } from './dotenv.ts';
import { findConfig } from './find.ts';
import { checkConfig, type CheckedConfig } from './schema.ts';

/** A loaded project: every path absolute, every default filled in. */
export interface Project {
  name: string;
  /** Folder of the config: what relative paths are relative to. */
  folder: string;
  configFile: string;
  warehouse: WarehouseConfig;
  /** Sorted by name. */
  connectors: readonly Connector[];
  start: string;
  timeZone: string;
  currency: string;
  weekStart: CheckedConfig['weekStart'];
  attribution: CheckedConfig['attribution'];
  conversions: CheckedConfig['conversions'];
  /** The project's own models; null where it has none. */
  modelsFolder: string | null;
  /** What runs leave behind: spool files, nothing that has to be kept. */
  stateFolder: string;
}

/** The project around `folder`, or the one `--config` names. */
export async function loadProject(folder: string, given?: string): Promise<Project> {
  const configFile = findConfig(folder, given);
  const root = dirname(configFile);
  loadDotenv(resolve(root, '.env'));
  const file = basename(configFile);
  const config = checkConfig(await importConfig(configFile), file);
  const modelsFolder = resolve(root, config.models ?? 'models');
  if (config.models !== undefined && !existsSync(modelsFolder)) {
    throw new RevopsError('CONFIG_INVALID', `${file}: models: there is no folder ${config.models}`);
  }
  const { warehouse } = config;
  return {
    name: config.name ?? basename(root),
    folder: root,
    configFile,
    warehouse: definedOnly(
      warehouse.type === 'duckdb' ? { ...warehouse, path: resolve(root, warehouse.path) } : warehouse,
    ),
    connectors: Object.values(config.connectors).toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    start: config.start,
    timeZone: config.timeZone,
    currency: config.currency,
    weekStart: config.weekStart,
    attribution: config.attribution,
    conversions: config.conversions,
    modelsFolder: existsSync(modelsFolder) ? modelsFolder : null,
    stateFolder: resolve(root, '.revops'),
  };
}

// --- internal ---

async function importConfig(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    if (isRevopsError(error)) throw withFile(error, basename(file));
    throw new RevopsError('CONFIG_INVALID', `${basename(file)} cannot be loaded: ${messageOf(error)}`, {
      hint: hintFor(error),
      cause: error,
    });
  }
}

/** An option a connector refused: the same error, with the file in front. */
function withFile(error: RevopsError, file: string): RevopsError {
  if (error.code !== 'CONFIG_INVALID') return error;
  return new RevopsError(error.code, `${file}: ${error.message}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** zod writes an absent option as `undefined`; the warehouse takes it as absent. */
function definedOnly(warehouse: CheckedConfig['warehouse']): WarehouseConfig {
  return Object.fromEntries(
    Object.entries(warehouse).filter(([, value]) => value !== undefined),
  ) as unknown as WarehouseConfig;
}

function hintFor(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
    return 'Install what the config imports (`npm install revops`), or correct the import.';
  }
  return 'Correct the file; it is plain TypeScript that Node runs as it is.';
}
