/**
 * How a declaration reads as sentences.
 */
import type { CommandDeclaration } from '../commands/declaration.ts';

/** The summary as a sentence, then the description. */
export function purpose({ summary, description }: CommandDeclaration): string {
  const sentence = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}`;
  return `${sentence}${/[.!?]$/.test(sentence) ? '' : '.'} ${description}`;
}

/** An option's description with the words it takes, where it does not name them itself. */
export function withChoices(description: string, choices: readonly string[] = []): string {
  return choices.every((choice) => description.includes(choice))
    ? description
    : `${description}; one of ${choices.join(', ')}`;
}
