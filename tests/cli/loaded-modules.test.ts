import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Prints, when the process ends, every package that was loaded into it. */
const TRACE = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const found = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url);
    if (found !== null) packages.add(found[1]);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write('packages: ' + [...packages].sort().join(' ')));
`;

it('revops --help loads neither an SDK of a platform nor a database engine', () => {
  const trace = `data:text/javascript,${encodeURIComponent(TRACE)}`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--conditions=source', '--import', trace, join(ROOT, 'src/cli/bin.ts'), '--help'],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  expect(/packages: (.*)$/.exec(stderr)?.[1]?.split(' ')).toEqual(['commander']);
});
