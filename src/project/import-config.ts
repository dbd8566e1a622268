/**
 * The config, imported by Node itself.
 */
import { registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The default export of a config. It is an ES module, as is what it imports of its own folder, whatever the
 * `package.json` there says: `npm init` writes `"type": "commonjs"`. Where no `revops` is installed beside it, as with
 * `npx revops demo` in an empty folder, it imports the one that runs.
 */
export async function importConfig(file: string): Promise<unknown> {
  const own = `${pathToFileURL(dirname(file)).href}/`;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^revops(\/|$)/.test(specifier) || !isNotFound(error)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
    load(url, context, next) {
      const isOwn = url.startsWith(own) && !url.includes('/node_modules/');
      return next(url, isOwn ? { ...context, format: moduleFormat(url) ?? context.format } : context);
    },
  });
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } finally {
    hooks.deregister();
  }
}

// --- internal ---

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}

function moduleFormat(url: string): string | undefined {
  if (/\.ts(\?|$)/.test(url)) return 'module-typescript';
  return /\.js(\?|$)/.test(url) ? 'module' : undefined;
}
