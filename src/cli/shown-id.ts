/**
 * Ids in messages and reports: what may be somebody's address is not repeated, and keys are shortened.
 */

/** What was asked, for a message: only ids are repeated. */
export function shownId(asked: string): string {
  return /[@\s+]/.test(asked) ? 'what was given' : JSON.stringify(asked);
}

/** A key of an e-mail or phone by its first digits: nobody compares 64 of them by eye. */
export function shortKey(identifier: string): string {
  return identifier.replace(/(?<=^(?:email|phone|mailbox):[0-9a-f]{12})[0-9a-f]{52}$/, '…');
}

/** An instant to the minute, UTC. */
export function minuteOf(at: string | null | undefined): string {
  return at === null || at === undefined ? '–' : at.slice(0, 16).replace('T', ' ');
}
