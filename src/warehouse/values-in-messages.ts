/**
 * Engines quote data in their messages ("could not convert string 'ann@example.com'"). Data does not belong in logs.
 */

/** The message with quoted data of conversion and constraint errors left out. */
export function withoutValues(message: string): string {
  return message
    .replace(/Original Line: .*?(?=Error when converting|$)/s, '')
    .replace(/(Could not convert string )(["']).*?\2( to)/s, '$1…$3')
    .replace(
      /(field value out of range: |field format: |string |key |invalid input syntax for type [\w ]+: |value )(["']).*\2/s,
      '$1…',
    )
    .replace(/Possible solutions:.*/s, '')
    .trim();
}
