import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/commands/index.ts';
import { createProgram } from '../../src/cli/program.ts';
import { ERROR_CODES } from '../../src/errors.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCS = join(ROOT, 'docs');

/** The sections of a page by their heading. */
function sections(page: string, level: string): Map<string, string> {
  const parts = readFileSync(join(DOCS, page), 'utf8')
    .split(new RegExp(`^${level} `, 'm'))
    .slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

/** Code of the program and of its connectors, but the list of codes. */
const SOURCES = globSync(['src/**/*.ts', 'connectors/**/*.ts'], { cwd: ROOT })
  .filter((file) => file !== 'src/errors.ts')
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

describe('docs/errors.md', () => {
  const documented = sections('errors.md', '###');

  it('has a section for every code and for no other', () => {
    expect([...documented.keys()].toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it.each(Object.entries(ERROR_CODES))('gives exit code, cause and remedy of %s', (code, exitCode) => {
    const text = documented.get(code) ?? '';
    expect(text).toContain(`Exit code ${exitCode}`);
    expect(text).toContain('**Cause:**');
    expect(text).toContain('**Remedy:**');
  });
});

describe('error codes', () => {
  it('that are thrown anywhere, by connectors too, are those of the list', () => {
    const thrown = [...SOURCES.matchAll(/new RevopsError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code ?? '');
    expect(thrown.length).toBeGreaterThan(200);
    expect([...new Set(thrown)].filter((code) => !(code in ERROR_CODES))).toEqual([]);
  });

  it.each(Object.keys(ERROR_CODES))('%s is still told by something', (code) => {
    expect(SOURCES).toContain(`'${code}'`);
  });
});

describe('the declared commands', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s has two examples or more, and each is a command line that the program takes',
    async (name, { examples }) => {
      expect(examples.length).toBeGreaterThan(1);
      for (const example of examples) {
        const asked: string[] = [];
        const program = createProgram(({ command }) => Promise.resolve(void asked.push(command)));
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await program.parseAsync(shellWords(example).slice(1), { from: 'user' });
        expect(asked, example).toEqual([name]);
      }
    },
  );
});

// --- internal ---

/** The words of a command line, without what follows a redirection. */
function shellWords(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const redirected = words.findIndex((word) => /^\d?>/.test(word));
  return redirected < 0 ? words : words.slice(0, redirected);
}
