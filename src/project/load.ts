/**
 * Loads a project: finds the config, reads `.env`, imports the config natively, checks it, resolves its paths.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import type { Connector, ProjectFacts } from '../connector/contract.ts';
import { isRevopsError, messageOf, RevopsError } from '../errors.ts';
import type { Feed } from '../model/contract.ts';
import type { WarehouseConfig } from '../warehouse/config.ts';
import { loadDotenv } from './dotenv.ts';
import { findConfig } from './find.ts';
import { importConfig } from './import-config.ts';
import { modelFolders } from './model-folders.ts';
import { checkNamedSources } from './named-sources.ts';
import { findPackages, type ModelPackage } from './packages.ts';
import { checkConfig, type CheckedConfig } from './schema.ts';
import type { TrackingPlan } from './tracking-plan.ts';

/** A loaded project: every path absolute, every default filled in. */
export interface Project {
  name: string;
  /** Folder of the config: what relative paths are relative to. */
  folder: string;
  configFile: string;
  warehouse: WarehouseConfig;
  /** Sorted by name. */
  connectors: readonly Connector[];
  /** The feeds, where a connector's streams depend on them; else none. */
  feeds: readonly Feed[];
  start: string;
  timeZone: string;
  currency: string;
  weekStart: CheckedConfig['weekStart'];
  attribution: CheckedConfig['attribution'];
  conversions: CheckedConfig['conversions'];
  /** Versions of the stage definitions, oldest first; none where the shipped ones hold. */
  pipeline: CheckedConfig['pipeline'];
  identity: CheckedConfig['identity'];
  sessions: CheckedConfig['sessions'];
  checks: CheckedConfig['checks'];
  alerts: CheckedConfig['alerts'];
  reconciliation: CheckedConfig['reconciliation'];
  /** Milliseconds between two reads, by connector or connector.stream. */
  schedule: CheckedConfig['schedule'];
  runs: CheckedConfig['runs'];
  holdouts: CheckedConfig['holdouts'];
  activation: CheckedConfig['activation'];
  writeback: CheckedConfig['writeback'];
  /** What events there should be; null where the project has no plan. */
  trackingPlan: TrackingPlan | null;
  /** Installed packages with models, in the order in which they lie over each other. */
  packages: readonly ModelPackage[];
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
  const config = checkConfig(await readConfig(configFile), file);
  const modelsFolder = resolve(root, config.models ?? 'models');
  if (config.models !== undefined && !existsSync(modelsFolder)) {
    throw new RevopsError('CONFIG_INVALID', `${file}: models: there is no folder ${config.models}`);
  }
  const { warehouse } = config;
  const name = config.name ?? basename(root);
  const packages = findPackages(config.packages, configFile);
  const models = { name, folder: root, packages, modelsFolder: existsSync(modelsFolder) ? modelsFolder : null };
  const feeds = await neededFeeds(Object.values(config.connectors), models);
  const connectors = inProject(Object.values(config.connectors), { folder: root, feeds }, file);
  checkNamedSources(config, connectors, file);
  return {
    name,
    folder: root,
    configFile,
    warehouse: definedOnly(inFolder(warehouse, root)),
    connectors: connectors.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    feeds,
    start: config.start,
    timeZone: config.timeZone,
    currency: config.currency,
    weekStart: config.weekStart,
    attribution: config.attribution,
    conversions: config.conversions,
    pipeline: config.pipeline,
    identity: config.identity,
    sessions: config.sessions,
    checks: config.checks,
    alerts: config.alerts,
    reconciliation: config.reconciliation,
    schedule: config.schedule,
    runs: config.runs,
    holdouts: config.holdouts,
    activation: config.activation,
    writeback: config.writeback,
    trackingPlan: await trackingPlanIn(root, config.trackingPlan, file),
    packages,
    modelsFolder: models.modelsFolder,
    stateFolder: resolve(root, '.revops'),
  };
}

// --- internal ---

/** Read where a connector's streams depend on them only. */
async function neededFeeds(
  connectors: readonly Connector[],
  project: Parameters<typeof modelFolders>[0],
): Promise<Feed[]> {
  if (!connectors.some((connector) => connector.inProject !== undefined)) return [];
  const { readFeeds } = await import('../model/read/read-feed.ts');
  return readFeeds(modelFolders(project));
}

/** Read where there is one only. CONFIG_INVALID where the one that is named is not there. */
async function trackingPlanIn(root: string, named: string | undefined, file: string): Promise<TrackingPlan | null> {
  const path = resolve(root, named ?? 'tracking-plan.yml');
  if (existsSync(path)) return (await import('./tracking-plan.ts')).readTrackingPlan(path);
  if (named === undefined) return null;
  throw new RevopsError('CONFIG_INVALID', `${file}: trackingPlan: there is no file ${named}`);
}

/** The connectors as they are in this project. */
function inProject(connectors: readonly Connector[], facts: ProjectFacts, file: string): Connector[] {
  try {
    return connectors.map((connector) => connector.inProject?.(facts) ?? connector);
  } catch (error) {
    throw isRevopsError(error) ? withFile(error, file) : error;
  }
}

async function readConfig(file: string): Promise<unknown> {
  try {
    return await importConfig(file);
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

/** Paths are relative to the config. */
function inFolder(warehouse: CheckedConfig['warehouse'], root: string): CheckedConfig['warehouse'] {
  if (warehouse.type === 'duckdb') return { ...warehouse, path: resolve(root, warehouse.path) };
  if (warehouse.tls === undefined) return warehouse;
  const tls = Object.entries(warehouse.tls).map(([option, value]) => [
    option,
    option === 'mode' || value === undefined ? value : resolve(root, value),
  ]);
  return { ...warehouse, tls: Object.fromEntries(tls) as typeof warehouse.tls };
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
    return 'Install what the config imports (revops: docs/getting-started.md, Installed), or correct the import.';
  }
  return 'Correct the file; it is plain TypeScript that Node runs as it is.';
}
