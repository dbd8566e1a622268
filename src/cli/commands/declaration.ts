/**
 * A command as data: what `--help`, docs/cli.md and the manual page say about it, and where its implementation is.
 */
import type { Run } from '../context.ts';

export interface CommandDeclaration {
  name: string;
  summary: string;
  description: string;
  /** `[name, description, choices?]`, commander's notation; the choices are offered by shells, and checked by the command. */
  words?: [string, string, string[]?][];
  /** `[flags, description, choices?]`, commander's notation. */
  options?: [string, string, string[]?][];
  /** What the page says beyond `--help`: paragraphs of Markdown, their links from docs/. */
  details?: string[];
  examples: string[];
  /** It runs until it is asked to end: then that is a success, exit code 0. */
  runsUntilStopped?: boolean;
  /** What it prints is all it does: it ends where nobody reads that any more (`| head`). Others go on without a reader. */
  onlyPrints?: boolean;
  load(): Promise<Run>;
}
