/**
 * The options of every command, as the program has them.
 */
import { createProgram } from '../program.ts';

/** `[flags, description]`, with the default where there is one. */
export function globalOptions(): [string, string][] {
  const program = createProgram(() => Promise.resolve());
  const own = program.options.map(({ flags, description, defaultValue }): [string, string] => [
    flags,
    typeof defaultValue === 'number' ? `${description} (default: ${defaultValue})` : description,
  ]);
  return [...own, ['--help', 'what a command does, its options and examples']];
}
