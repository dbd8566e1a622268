/**
 * `revops list`: what the project consists of.
 */
import { RevopsError } from '../errors.ts';
import {
  isSelective,
  listModels as listRelations,
  selectForBuild,
  selectRelations,
  usesState,
  type Selection,
} from '../model/index.ts';
import { readLibrary } from '../model/compile/functions.ts';
import type { ModelProject } from '../model/contract.ts';
import { engineInputs } from '../project/inputs.ts';
import type { Project } from '../project/load.ts';
import { compileModels, readModels } from '../project/overlay.ts';
import type { CommandContext, Options } from './context.ts';
import { selectionOf } from './selection.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable, type TableColumn } from './table.ts';

interface Listed {
  project: Project;
  context: CommandContext;
  selection: Selection;
  /** Read once, and only where a part needs them. */
  models(): Promise<ModelProject>;
}

interface Part {
  title: string;
  columns: TableColumn[];
  rows: Record<string, string>[];
}

export async function list(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const selection = selectionOf([], options);
  const wanted = wantedParts(words[0] ?? (isSelective(selection) ? 'models' : undefined));
  const project = await openProject(context);
  let models: Promise<ModelProject> | undefined;
  const listed: Listed = { project, context, selection, models: () => (models ??= readModels(project)) };
  const parts: Part[] = [];
  for (const name of wanted) parts.push(await PARTS[name](listed));
  if (context.globals.json)
    return context.terminal.printJson(Object.fromEntries(parts.map((part, at) => [wanted[at], part.rows])));
  for (const { title, columns, rows } of parts) {
    const cells = rows.map((row) => Object.values(row));
    context.terminal.print(`${title}\n\n${renderTable(columns, cells, context.terminal.width)}\n`);
  }
}

// --- internal ---

const PARTS = {
  connectors: listConnectors,
  streams: listStreams,
  models: listModels,
  functions: listFunctions,
  checks: listChecks,
} as const;
type PartName = keyof typeof PARTS;

function wantedParts(word: string | undefined): PartName[] {
  if (word === undefined) return Object.keys(PARTS) as PartName[];
  if (word in PARTS) return [word as PartName];
  throw new RevopsError('USAGE', `there is no list of ${JSON.stringify(word)}`, {
    hint: `revops list [${Object.keys(PARTS).join(' | ')}]`,
  });
}

async function listConnectors({ project: { connectors } }: Listed): Promise<Part> {
  return {
    title: 'Connectors',
    columns: [{ title: 'Name' }, { title: 'Platform' }, { title: 'Streams', align: 'right' }, { title: 'Secrets' }],
    rows: connectors.map(({ name, title, streams, secrets }) => ({
      name,
      title,
      streams: String(streams.length),
      secrets: secrets.some(({ secret }) => secret.missing !== undefined) ? 'missing' : 'set',
    })),
  };
}

async function listStreams({ project: { connectors } }: Listed): Promise<Part> {
  return {
    title: 'Streams',
    columns: [{ title: 'Stream' }, { title: 'Mode' }, { title: 'Description' }],
    rows: connectors.flatMap((connector) =>
      connector.streams.map(({ name, mode, description }) => ({
        stream: `${connector.name}.${name}`,
        mode,
        description,
      })),
    ),
  };
}

async function listModels(listed: Listed): Promise<Part> {
  const selected = isSelective(listed.selection) ? await selectedNames(listed) : null;
  const relations = listRelations(await listed.models()).filter(({ name }) => selected?.has(name) !== false);
  return {
    title: 'Models',
    columns: [{ title: 'Model' }, { title: 'Layer' }, { title: 'Origin' }, { title: 'Description' }],
    rows: relations.map(({ name, layer, origin, replaces, description }) => ({
      name,
      layer,
      origin: replaces === undefined ? origin : `${origin} (replaces ${replaces})`,
      description,
    })),
  };
}

async function listFunctions({ project, models }: Listed): Promise<Part> {
  const library = readLibrary((await models()).functions[project.warehouse.type]);
  return {
    title: 'Functions',
    columns: [{ title: 'Function' }, { title: 'Origin' }, { title: 'File' }],
    rows: [...library.values()]
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, origin, file }) => ({ name, origin, file })),
  };
}

async function listChecks({ models }: Listed): Promise<Part> {
  const { checks } = await models();
  return {
    title: 'Checks',
    columns: [{ title: 'Check' }, { title: 'Origin' }, { title: 'File' }],
    rows: checks
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, origin, file }) => ({ name, origin, file })),
  };
}

/** Compiles the project; reads the warehouse only where the selection compares with it. */
async function selectedNames({ project, context, selection }: Listed): Promise<Set<string>> {
  const compiled = await compileModels(project);
  if (!usesState(selection)) return selectRelations(compiled, selection);
  return withWarehouse(context, project, { readOnly: true }, async (warehouse) => {
    const inputs = await engineInputs(project, compiled.project, warehouse, context.now());
    return selectForBuild({ warehouse, compiled, inputs, ...selection });
  });
}
