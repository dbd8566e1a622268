/** SQL with comments, strings and quoted names blanked out, every other character at its place. */
export function maskSql(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (match) =>
    match.replaceAll(/[^\n]/g, ' '),
  );
}
