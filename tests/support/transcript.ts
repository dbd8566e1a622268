/**
 * A page of the docs as a transcript: files it shows are written, commands it shows are run, output it shows is compared.
 */

export type Step =
  | { kind: 'file'; path: string; text: string }
  | { kind: 'command'; words: string[] }
  /** What the command before it prints. */
  | { kind: 'output'; text: string };

/** The steps of one section of a page: fenced blocks `sh`, `text` (after a command), and `<language> <path>`. */
export function transcript(page: string, heading: string): Step[] {
  const [, section = ''] = page.split(new RegExp(`^## ${heading}$`, 'm'));
  const [own = ''] = section.split(/^## /m);
  const blocks = [...own.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, language, path, text = '']): Step[] => {
    if (path !== undefined) return [{ kind: 'file', path, text }];
    if (language === 'text') return [{ kind: 'output', text }];
    if (language !== 'sh') return [];
    return text
      .split('\n')
      .filter((line) => line.startsWith('npx revops '))
      .map((line) => ({ kind: 'command', words: wordsOf(line.slice('npx revops '.length)) }));
  });
}

// --- internal ---

function wordsOf(line: string): string[] {
  return [...line.replace(/\s+#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
