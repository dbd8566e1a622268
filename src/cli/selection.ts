import type { Selection } from '../model/index.ts';
import type { Options } from './context.ts';

/** What the words of a command and its options `--select` and `--exclude` choose. */
export function selectionOf(words: readonly string[], options: Options): Selection {
  const given = (name: string): string[] => (typeof options[name] === 'string' ? [options[name]] : []);
  return { select: [...words, ...given('select')], exclude: given('exclude') };
}
