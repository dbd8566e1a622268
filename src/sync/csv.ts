/**
 * CSV fields as `Session.load` reads them: text always quoted with quotes doubled, other values bare, NULL empty.
 */

/** A text field. */
export function csvText(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}
