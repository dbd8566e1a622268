/**
 * The layout's promises, read from the sources: who may import whom, no cycles, and where vendor names may appear.
 */
import { globSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Each layer of src and the layers it may import, besides itself. */
const LAYERS: Record<string, readonly string[]> = {
  'errors.ts': [],
  'harmless.ts': [],
  'nearest.ts': [],
  'secret.ts': ['errors.ts'],
  connector: ['errors.ts', 'nearest.ts', 'secret.ts', 'warehouse/types.ts', 'warehouse/sql.ts'],
  warehouse: ['errors.ts', 'nearest.ts', 'secret.ts'],
  sync: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse'],
  model: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse'],
  outbound: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse'],
  attribution: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse', 'sync', 'model'],
  quality: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse', 'sync', 'model'],
  project: [
    'errors.ts',
    'harmless.ts',
    'nearest.ts',
    'secret.ts',
    'connector',
    'warehouse',
    'sync',
    'model',
    'outbound',
    'attribution',
    'quality',
  ],
  cli: [
    'errors.ts',
    'harmless.ts',
    'nearest.ts',
    'secret.ts',
    'connector',
    'warehouse',
    'sync',
    'model',
    'outbound',
    'attribution',
    'quality',
    'project',
  ],
  testing: ['errors.ts', 'nearest.ts', 'secret.ts', 'connector', 'warehouse', 'sync'],
  'index.ts': [
    'errors.ts',
    'secret.ts',
    'connector',
    'warehouse',
    'sync',
    'model',
    'attribution',
    'quality',
    'project',
  ],
};

/** They double quotes for files, not for SQL. */
const CSV = [
  'src/cli/csv.ts',
  'src/project/stage-definitions.ts',
  'src/project/tracking-lists.ts',
  'src/sync/csv.ts',
  'src/testing/spool.ts',
  'src/testing/warehouse-load.ts',
];

const VENDORS = ['hubspot', 'google', 'gclid', 'salesforce', 'pipedrive', 'linkedin', 'facebook', 'stripe'];

describe('the sources', () => {
  const files = sources('src', 'connectors', 'fixtures');

  it('import only layers before their own', () => {
    const breaches: string[] = [];
    for (const file of files.filter((name) => name.startsWith('src/'))) {
      const layer = file.split('/')[1] as string;
      const allowed = LAYERS[layer];
      if (allowed === undefined) {
        breaches.push(`${file}: src/${layer} is no known layer`);
        continue;
      }
      for (const target of relativeImports(file)) {
        const inside = target.startsWith(`src/${layer}`);
        const permitted = allowed.some((name) => target === `src/${name}` || target.startsWith(`src/${name}/`));
        if (!inside && !permitted) breaches.push(`${file} imports ${target}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('of a connector import the public kit, their own folder and packages, nothing else', () => {
    const breaches: string[] = [];
    for (const file of files.filter((name) => name.startsWith('connectors/'))) {
      const own = file.split('/').slice(0, 2).join('/');
      for (const target of relativeImports(file))
        if (!target.startsWith(`${own}/`)) breaches.push(`${file} imports ${target}`);
      for (const name of imports(file)) {
        if (name.startsWith('revops') && name !== 'revops/connector') breaches.push(`${file} imports ${name}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('have no cycle of imports', () => {
    const graph = new Map(files.map((file) => [file, relativeImports(file)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    function visit(file: string, path: readonly string[]): void {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    }
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('of the engine name no vendor', () => {
    const named: string[] = [];
    for (const file of files.filter((name) => name.startsWith('src/') && !name.startsWith('src/cli/'))) {
      const code = read(file)
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .toLowerCase();
      for (const vendor of VENDORS) if (code.includes(vendor)) named.push(`${file}: ${vendor}`);
    }
    expect(named).toEqual([]);
  });

  it('write names and texts into SQL by one place, however it is quoted', () => {
    const doubled = /replace(?:All)?\([^)\n]*, (?:"''"|`''`|'\\'\\'')/;
    const code = files.filter((file) => !file.startsWith('fixtures/'));
    expect(code.filter((file) => doubled.test(read(file)))).toEqual(['src/warehouse/sql.ts']);
    const named = /\$\{\w+\.replaceAll\('"', '""'\)\}/;
    expect(code.filter((file) => named.test(read(file)))).toEqual([...CSV, 'src/warehouse/sql.ts']);
  });

  it('open no database that would fetch extensions for what a query asks for', () => {
    const fetching = files.filter((file) => {
      const text = read(file);
      return (
        text.includes('DuckDBInstance.create(') && !/autoinstall_known_extensions: 'false'|, settings\)/.test(text)
      );
    });
    expect(fetching).toEqual([]);
  });

  it('of both warehouses hold the same set of files', () => {
    const set = (engine: string): string[] => readdirSync(join(ROOT, 'src/warehouse', engine)).toSorted();
    expect(set('duckdb').length).toBeGreaterThan(3);
    expect(set('duckdb')).toEqual(set('postgres'));
  });
});

// --- internal ---

function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT })).toSorted();
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Every module a file imports or re-exports at load time; lazy `import()` is a way out of the graph and not counted. */
function imports(file: string): string[] {
  const text = read(file).replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return [
    ...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm),
  ].map((match) => (match[1] ?? match[2]) as string);
}

function relativeImports(file: string): string[] {
  return imports(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)));
}
