/**
 * Which files of a build's context Docker leaves out, by the rules of "Build context → .dockerignore files" of its
 * documentation: Go's `filepath.Match` from the context's root on, `**` for any number of folders, `!` for exceptions, the
 * last line that matches decides, and a folder that is left out takes along what is in it.
 */
export function leftOutByDocker(ignoreFile: string): (path: string) => boolean {
  const lines = ignoreFile
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ isException: line.startsWith('!'), pattern: expressionOf(line.replace(/^!/, '').trim()) }));
  return (path) => {
    const parts = path.split('/');
    const paths = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
    const last = lines.findLast(({ pattern }) => paths.some((one) => pattern.test(one)));
    return last !== undefined && !last.isException;
  };
}

// --- internal ---

function expressionOf(pattern: string): RegExp {
  const clean = pattern.replaceAll(/^\/+|\/+$/g, '');
  const text = clean.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|\\.|[.+^${}()|]/g, (part) => {
    if (part === '**/') return '(.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.startsWith('[') || part.startsWith('\\') ? part : `\\${part}`;
  });
  return new RegExp(`^${text}$`);
}
