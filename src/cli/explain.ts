/**
 * `revops explain <subject> <id>`: what one number or one person rests on. Each subject is a file of its own.
 */
import { RevopsError } from '../errors.ts';
import type { CommandContext, Options, Run } from './context.ts';

export async function explainCommand(
  context: CommandContext,
  [subject = '', ...words]: readonly string[],
  options: Options,
): Promise<void> {
  const load = SUBJECTS[subject];
  if (load === undefined) {
    throw new RevopsError('USAGE', `there is nothing to explain called ${JSON.stringify(subject)}`, {
      hint: `There are: ${Object.keys(SUBJECTS).join(', ')}.`,
    });
  }
  await (
    await load()
  )(context, words, options);
}

// --- internal ---

const SUBJECTS: Record<string, () => Promise<Run>> = {
  cac: async () => (await import('./explain-cac.ts')).explainCac,
  conversion: async () => (await import('./explain-conversion.ts')).explainConversion,
  credit: async () => (await import('./explain-credit.ts')).explainCredit,
  person: async () => (await import('./explain-person.ts')).explainPerson,
};
