/**
 * docs/cli.md, made of the declared commands.
 */
import type { CommandDeclaration } from '../commands/declaration.ts';
import { GROUPS } from '../commands/index.ts';
import { ENVIRONMENT, EXIT_CODES } from '../commands/surroundings.ts';
import { globalOptions } from './global-options.ts';
import { purpose, withChoices } from './words.ts';

/** The page as Markdown. */
export function cliPage(): string {
  const groups = GROUPS.map(
    ({ title, commands }) =>
      `| ${title} | ${commands.map(({ name, summary }) => `[\`${name}\`](#${name}) ${escape(summary)}`).join('<br>')} |`,
  );
  const commands = GROUPS.flatMap((group) => group.commands.map(section));
  return `${[HEAD, table('commands', groups), ABOUT, ...surroundings(), SIGNALS, ...commands].join('\n\n')}\n`;
}

// --- internal ---

const HEAD = `# Commands

<!-- Made of the declarations in src/cli/commands/ by \`npm run docs:cli\`. Edit those, not this page. -->

\`\`\`
revops <command> [options]
\`\`\``;

const ABOUT = `Every command finds the project by its \`revops.config.ts\`, looked for upward from the working directory. Results go to standard output, everything else to standard error, so \`revops cac --csv > cac.csv\` gives a clean file.`;

const SIGNALS = `[errors.md](errors.md) lists every error. The first SIGINT or SIGTERM stops cleanly, the second at once; either way nothing is half-written.`;

function surroundings(): string[] {
  const row = ([name, description]: readonly [string | number, string]): string =>
    `| \`${name}\` | ${escape(description)} |`;
  return [
    table('option of every command', globalOptions().map(row)),
    table('environment variable', ENVIRONMENT.map(row)),
    table('exit code', EXIT_CODES.map(row)),
  ];
}

function section(command: CommandDeclaration): string {
  const { name, words = [], options = [], details = [], examples } = command;
  const rows = [...words, ...options].map(
    ([flags, text, choices]) => `| \`${flags}\` | ${escape(withChoices(text, choices))} |`,
  );
  return [
    `## ${name}`,
    escape(purpose(command)),
    ...(rows.length === 0 ? [] : [table('', rows)]),
    ...details,
    ['```sh', ...examples, '```'].join('\n'),
  ].join('\n\n');
}

function table(first: string, rows: readonly string[]): string {
  return [first === '' ? '| | |' : `| ${first} | |`, '|---|---|', ...rows].join('\n');
}

/** Plain text of `--help` as Markdown. */
function escape(text: string): string {
  return text.replaceAll(/[<|*]/g, (character) => `\\${character}`);
}
