/**
 * `revops completion`: a script that completes command lines in a shell.
 */
import { RevopsError } from '../errors.ts';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { completionOffers, type Offers } from './completion/offers.ts';
import { zshCompletion } from './completion/zsh.ts';
import type { CommandContext } from './context.ts';

export async function completionCommand(context: CommandContext, words: readonly string[]): Promise<void> {
  const [shell = ''] = words;
  const script = SHELLS.get(shell);
  if (script === undefined) {
    throw new RevopsError('USAGE', `there is no completion for ${JSON.stringify(shell)}`, {
      hint: `There is one for ${[...SHELLS.keys()].join(', ')}.`,
    });
  }
  context.terminal.print(script(completionOffers()).trimEnd());
}

// --- internal ---

const SHELLS: ReadonlyMap<string, (offers: Offers) => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);
