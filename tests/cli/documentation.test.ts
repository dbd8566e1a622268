import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/commands/index.ts';
import { ERROR_CODES } from '../../src/errors.ts';

const DOCS = join(import.meta.dirname, '../../docs');

/** The sections of a page by their heading. */
function sections(page: string, level: string): Map<string, string> {
  const parts = readFileSync(join(DOCS, page), 'utf8')
    .split(new RegExp(`^${level} `, 'm'))
    .slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

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

describe('docs/cli.md', () => {
  const documented = sections('cli.md', '##');

  it('has a section for every command and for no other, in their order of use', () => {
    expect([...documented.keys()]).toEqual(COMMANDS.map(({ name }) => name));
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'has the words, options and examples of %s',
    (name, command) => {
      const text = documented.get(name) ?? '';
      const expected = [...(command.words ?? []), ...(command.options ?? [])].map(([flags]) => `| \`${flags}\` |`);
      for (const line of [...expected, ...command.examples]) expect(text).toContain(line);
      const rows = text.split('\n').filter((line) => line.startsWith('| `'));
      expect(rows).toHaveLength(expected.length);
    },
  );
});
