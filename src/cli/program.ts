/**
 * The commander program made from the declared commands. A command's own file is imported only when it runs.
 */
import { Command, Option } from 'commander';

import { RevopsError } from '../errors.ts';
import { packageVersion } from '../project/package-root.ts';
import type { CommandDeclaration } from './commands/declaration.ts';
import { GROUPS } from './commands/index.ts';
import { EXIT_CODES } from './commands/surroundings.ts';
import type { GlobalOptions, Options, Run } from './context.ts';
import { parseInstant } from './instant.ts';
import type { Output } from './terminal.ts';

/** A parsed command line. */
export interface Request {
  command: string;
  words: string[];
  options: Options;
  globals: GlobalOptions;
  /** Being asked to end is how it succeeds. */
  runsUntilStopped: boolean;
  /** What it prints is all it does. */
  onlyPrints: boolean;
  load(): Promise<Run>;
}

/** `stdout` (default: that of the process) gets the help and the version, `stderr` the help where a command is missing. */
export function createProgram(
  perform: (request: Request) => Promise<void>,
  { stdout, stderr }: { stdout: Output; stderr: Output } = process,
): Command {
  const program = new Command('revops')
    .description('Warehouse-native ELT and modeling for revenue teams: what does the next customer cost?')
    .version(packageVersion(), '--version', 'print the version')
    .option('--config <file>', 'the config or its folder (default: revops.config.ts, looked for upward)')
    .option('--json', 'results as JSON on standard output, logs as JSON lines on standard error', false)
    .option(
      '--now <instant>',
      'freeze the clock, for syncs and builds too: 2026-10-31 or 2026-10-31T06:00:00Z',
      (written) => parseInstant(written, '--now'),
    )
    .option('--lock-timeout <seconds>', 'how long to wait for another run on the same warehouse', seconds, 30)
    .option('--quiet', 'no progress, only results and errors', false)
    .option('--verbose', 'more detail, and where an error happened', false)
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(stdout.columns ?? 100, 100) })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined,
    })
    .addHelpText(
      'after',
      `\nExit codes:\n${EXIT_CODES.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}\n\nDocumentation: docs/cli.md`,
    );
  program.exitOverride();
  for (const { title, commands } of GROUPS) {
    for (const declared of commands) program.addCommand(subcommand(declared, program, perform).helpGroup(`${title}:`));
  }
  return program;
}

// --- internal ---

function subcommand(
  declared: CommandDeclaration,
  program: Command,
  perform: (request: Request) => Promise<void>,
): Command {
  const command = new Command(declared.name)
    .summary(declared.summary)
    .description(declared.description)
    .copyInheritedSettings(program);
  for (const [name, description] of declared.words ?? []) command.argument(name, description);
  for (const [flags, description, choices] of declared.options ?? []) {
    const option = new Option(flags, description);
    command.addOption(choices === undefined ? option : option.choices(choices));
  }
  command.addHelpText('after', ['', 'Examples:', ...declared.examples.map((line) => `  $ ${line}`)].join('\n'));
  return command.action(async () => {
    const { lockTimeout, ...globals } = program.opts<Omit<GlobalOptions, 'lockTimeoutMs'> & { lockTimeout: number }>();
    await perform({
      command: declared.name,
      words: command.args,
      options: command.opts<Options>(),
      globals: { ...globals, lockTimeoutMs: lockTimeout * 1000 },
      runsUntilStopped: declared.runsUntilStopped ?? false,
      onlyPrints: declared.onlyPrints ?? false,
      load: declared.load,
    });
  });
}

function seconds(written: string): number {
  const value = Number(written);
  if (written.trim() !== '' && value >= 0 && value <= 86_400) return value;
  throw new RevopsError('USAGE', `--lock-timeout: ${JSON.stringify(written)} is no number of seconds`, {
    hint: 'Give a number from 0 to 86400.',
  });
}
