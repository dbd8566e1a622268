/**
 * The config, imported by Node itself.
 */
import { registerHooks } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The default export of a config. It is an ES module, as is what it imports of its own folder, whatever the
 * `package.json` there says: `npm init` writes `"type": "commonjs"`.
 */
export async function importConfig(file: string): Promise<unknown> {
  const own = `${pathToFileURL(dirname(file)).href}/`;
  const hooks = registerHooks({
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

function moduleFormat(url: string): string | undefined {
  if (/\.ts(\?|$)/.test(url)) return 'module-typescript';
  return /\.js(\?|$)/.test(url) ? 'module' : undefined;
}
