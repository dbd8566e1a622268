/**
 * Text of others for a terminal: names of campaigns, messages of platforms. A control character in them could move the
 * cursor, rename the window or hide a line.
 */

/** The text with control characters and changes of direction spelled out; line breaks and tabs stay. */
export function harmless(text: string): string {
  return text.replaceAll(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}

// --- internal ---

/** C0 but tab and line feed, DEL, C1, and the marks that change the direction of writing. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
