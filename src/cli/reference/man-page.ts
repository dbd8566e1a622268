/**
 * The manual page revops(1), made of the declared commands: troff with the macros of man(7).
 */
import type { CommandDeclaration } from '../commands/declaration.ts';
import { GROUPS } from '../commands/index.ts';
import { ENVIRONMENT, EXIT_CODES } from '../commands/surroundings.ts';
import { globalOptions } from './global-options.ts';
import { purpose, withChoices } from './words.ts';

/** The page as troff. */
export function manPage(): string {
  const commands = GROUPS.flatMap(({ title, commands: ofGroup }) => [
    `.SH ${quoted(title.toUpperCase())}`,
    ...ofGroup.flatMap(section),
  ]);
  return `${[
    '.\\" Made of the declarations in src/cli/commands/ by `npm run docs:cli`. Edit those, not this page.',
    '.TH REVOPS 1',
    '.SH NAME',
    'revops \\- what does the next customer cost?',
    '.SH SYNOPSIS',
    '.B revops',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    line(
      'Finds the project by its revops.config.ts, looked for upward from the working directory. Results go to standard output, everything else to standard error.',
    ),
    '.SH OPTIONS',
    'Of every command:',
    ...globalOptions().flatMap(item),
    ...commands,
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(item),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, meaning]) => item([String(code), meaning])),
  ].join('\n')}\n`;
}

// --- internal ---

function section(command: CommandDeclaration): string[] {
  const { name, words = [], options = [], details = [], examples } = command;
  return [
    `.SS ${quoted(`revops ${[name, ...words.map(([word]) => word)].join(' ')}`)}`,
    line(purpose(command)),
    ...[...words, ...options].flatMap(([flags, text, choices]) => item([flags, withChoices(text, choices)])),
    ...details.flatMap((paragraph) => ['.PP', line(plain(paragraph))]),
    '.PP',
    '.nf',
    ...examples.map((example) => line(`    ${example}`)),
    '.fi',
  ];
}

function item([term, text]: readonly [string, string]): string[] {
  return ['.TP', `.B ${line(term)}`, line(text)];
}

/** Markdown without its marks: a link's text stays. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

/** Text on one line, in which nothing is a request or an escape. */
function line(text: string): string {
  const escaped = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('`', '\\(ga');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function quoted(text: string): string {
  return `"${line(text).replaceAll('"', '\\(dq')}"`;
}
