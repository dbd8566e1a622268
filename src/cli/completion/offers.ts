/**
 * What a shell can offer at each place of a command line, read from the declarations.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../../project/package-root.ts';
import { GROUPS } from '../commands/index.ts';
import { globalOptions } from '../reference/global-options.ts';

/** What may stand at one place. */
export type Offer =
  | { kind: 'choices'; choices: readonly string[] }
  /** Names of models, where a selection may stand too. */
  | { kind: 'models' }
  | { kind: 'file' }
  | { kind: 'folder' }
  /** Something only its writer knows. */
  | { kind: 'nothing' };

export interface OptionOffer {
  /** `--select`. */
  flag: string;
  description: string;
  /** Of its value; null where it has none. */
  value: Offer | null;
}

export interface CommandOffer {
  name: string;
  summary: string;
  options: OptionOffer[];
  words: { name: string; offer: Offer; isRepeated: boolean }[];
}

export interface Offers {
  /** Of every command. */
  options: OptionOffer[];
  commands: CommandOffer[];
  /** Names of the packaged models; those of the project in which the shell stands are looked for by the script. */
  models: string[];
}

/** What a script offers as the name of a model: a file's name may have what a shell runs. */
export const MODEL_NAME = /^[a-z][a-z0-9_]*$/;

export function completionOffers(): Offers {
  return {
    options: globalOptions().map(([flags, description]) => option(flags, description)),
    commands: GROUPS.flatMap(({ commands }) =>
      commands.map(({ name, summary, options = [], words = [] }) => ({
        name,
        summary,
        options: options.map(([flags, description, choices]) => option(flags, description, choices)),
        words: words.map(([word, , choices]) => ({
          name: placeholder(word),
          offer: offerOf(placeholder(word), choices),
          isRepeated: word.includes('...'),
        })),
      })),
    ),
    models: packagedModels(),
  };
}

// --- internal ---

const MODELS: ReadonlySet<string> = new Set(['model', 'models', 'selection', 'column']);
const FILES: ReadonlySet<string> = new Set(['file']);
const FOLDERS: ReadonlySet<string> = new Set(['folder', 'path']);

function option(flags: string, description: string, choices?: readonly string[]): OptionOffer {
  const [flag = '', value] = flags.split(' ');
  return { flag, description, value: value === undefined ? null : offerOf(placeholder(value), choices) };
}

function offerOf(name: string, choices?: readonly string[]): Offer {
  if (choices !== undefined) return { kind: 'choices', choices };
  if (MODELS.has(name)) return { kind: 'models' };
  if (FILES.has(name)) return { kind: 'file' };
  return FOLDERS.has(name) ? { kind: 'folder' } : { kind: 'nothing' };
}

/** `models` of `[models...]`. */
function placeholder(written: string): string {
  return written.replaceAll(/[<>[\].]/g, '');
}

/** Their files say it: nothing is read or compiled while a shell starts. */
function packagedModels(): string[] {
  const files = readdirSync(join(packageRoot(), 'models'), { recursive: true, encoding: 'utf8' });
  const names = files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/^.*[\\/]/, '').slice(0, -4));
  return [...new Set(names.filter((name) => MODEL_NAME.test(name)))].toSorted();
}
