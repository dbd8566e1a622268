/**
 * The files of a new project: those of templates/ with its values.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, sep } from 'node:path';

import { packageRoot } from '../project/package-root.ts';
import type { EngineName } from '../warehouse/types.ts';
import { exampleFiles, firstExampleDay } from './init-csv.ts';

export interface NewProject {
  name: string;
  /** Absolute: where the project will be. */
  folder: string;
  engine: EngineName;
  /** `YYYY-MM-DD`; the project starts a year before. */
  today: string;
  timeZone: string;
  /** `files`: reads CSV files in data/, and comes with examples. */
  reads: 'platforms' | 'files';
}

/** Texts by path. */
export function projectFiles(project: NewProject): Record<string, string> {
  const isOfFiles = project.reads === 'files';
  const templates = ['project', project.reads, ...(project.engine === 'postgres' ? ['postgres'] : [])];
  const texts: Record<string, string> = {};
  for (const template of templates) {
    for (const [path, text] of Object.entries(readTemplate(template))) {
      texts[path] = texts[path] === undefined ? text : `${texts[path]}\n${text}`;
    }
  }
  const parts = Object.entries(texts).flatMap(([path, text]) => {
    const [, name] = /^(\w+)\.part$/.exec(path) ?? [];
    return name === undefined ? [] : [[name, text]];
  });
  const values = { ...valuesOf(project, '.env.example' in texts), ...Object.fromEntries(parts) };
  const filled = Object.entries(texts)
    .filter(([path]) => !path.endsWith('.part'))
    .map(([path, text]) => [path, fill(text, values)]);
  return {
    ...(Object.fromEntries(filled) as Record<string, string>),
    ...(isOfFiles ? exampleFiles(project.today) : {}),
  };
}

/** For a folder in which `revops` is not installed yet: it comes from a file, since its name is on no registry. */
export function packageFile(name: string, version: string): string {
  const dependencies = { revops: `file:${packedFile(version)}` };
  return `${JSON.stringify({ name: packageName(name), private: true, type: 'module', dependencies }, null, 2)}\n`;
}

/** What puts `revops` into the project's folder and installs it from there, on this machine and on others. */
export function installSteps(version: string): string[] {
  const root = packageRoot();
  // one that is installed is compiled, and has nothing to compile itself with
  const isInstalled = root.split(sep).includes('node_modules');
  const file = packedFile(version);
  return [
    `npm pack ${isInstalled ? '--ignore-scripts ' : ''}${shellQuoted(root)}   # writes ${file}: commit it`,
    `npm install ./${file}`,
  ];
}

// --- internal ---

const WAREHOUSES: Record<EngineName, string> = {
  duckdb: `{ type: 'duckdb', path: 'warehouse.duckdb' }`,
  postgres: `{ type: 'postgres', url: env('DATABASE_URL') }`,
};

/** Everything a template may ask for, quoted for where it stands; `<name>.part` of a template is one more. */
function valuesOf(
  { name, folder, engine, today, timeZone }: NewProject,
  hasVariables: boolean,
): Record<string, string> {
  return {
    name,
    warehouse: WAREHOUSES[engine],
    imports: engine === 'postgres' ? 'defineConfig, env' : 'defineConfig',
    start: `${Number(today.slice(0, 4)) - 1}${today.slice(4, 8)}01`,
    firstExampleDay: firstExampleDay(today),
    timeZone,
    copyVariables: hasVariables ? 'cp .env.example .env    # credentials; .env is not committed\n' : '',
    nodeFolder: dirname(process.execPath),
    folderInCrontab: shellQuoted(folder).replaceAll('%', '\\%'),
    folderInUnit: inUnit(folder),
    quotedFolderInUnit: unitQuoted(folder),
    nodeInUnit: unitQuoted(process.execPath),
    user: userInfo().username,
    workflowDatabase: '',
  };
}

/** The files of one template by the path they get. */
function readTemplate(name: string): Record<string, string> {
  const folder = join(packageRoot(), 'templates', name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((file) => {
        const parts = file.slice(folder.length + 1).split(sep);
        const path = parts.map((part) => part.replace(/^dot-/, '.')).join('/');
        return [path.replace(/\.template$/, ''), readFileSync(file, 'utf8')];
      }),
  );
}

/** `{{value}}` replaced; `${{ … }}` of a workflow is its own. */
function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/(?<!\$)\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `%` begins a specifier of systemd. */
function inUnit(text: string): string {
  return text.replaceAll('%', '%%');
}

function unitQuoted(text: string): string {
  return `"${inUnit(text).replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}

/** As `npm pack` calls it. */
function packedFile(version: string): string {
  return `revops-${version}.tgz`;
}

function packageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '') || 'revenue'
  );
}
