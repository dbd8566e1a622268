/**
 * This checkout as a package: installed as programs are, and packed into a file as `npm pack` does it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
/** The command line of this checkout, for a shell. */
export const REVOPS = `exec "${process.execPath}" --conditions=source "${ROOT}/src/cli/bin.ts" "$@"`;

/** A program of the name in a folder, as npm and the system would install it. */
export function install(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/**
 * A `revops-<version>.tgz` as `npm pack` makes it, of a package that passes on to this checkout: the real one depends on
 * packages that only a registry has.
 */
export function packInto(folder: string, work: string): void {
  const { name, version, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    exports: Record<string, { source?: string }>;
  };
  const sources = Object.entries(exports).flatMap(([key, { source }]) =>
    source?.endsWith('.ts') ? [[key.replace('*', 'files'), source.replace('*', 'files')]] : [],
  );
  install(join(work, 'bin'), 'revops', REVOPS);
  const passed = sources.map(([key = '', source = ''], at) => {
    const text = `export * from ${JSON.stringify(pathToFileURL(join(ROOT, source)).href)};\n`;
    writeFileSync(join(work, `${at}.js`), text);
    return [key, `./${at}.js`];
  });
  const listed = { ...Object.fromEntries(passed), './package.json': './package.json' };
  const file = { name, version, type: 'module', bin: { revops: 'bin/revops' }, exports: listed };
  writeFileSync(join(work, 'package.json'), JSON.stringify(file));
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: work, env: offline(work), stdio: 'pipe' });
}

/** What npm needs, with an empty cache and without a registry. */
export function offline(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    npm_config_offline: 'true',
    npm_config_cache: join(home, '.npm'),
  };
}

/** Every file of a folder by its path in it, installed packages aside. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.split('/').includes('node_modules') && statSync(join(folder, name)).isFile())
    .toSorted();
}
