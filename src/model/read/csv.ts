/**
 * A CSV file of a shipped list, RFC 4180: a header line, `"` doubled inside quotes. An empty unquoted field is NULL.
 */
export function readCsv(text: string): { columns: string[]; rows: (string | null)[][] } {
  const [columns, ...rows] = recordsOf(text.replace(/^\uFEFF/, ''));
  return { columns: (columns ?? []).map((name) => name ?? ''), rows };
}

// --- internal ---

function recordsOf(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new SyntaxError(`record ${records.length + 1} has a quote in the wrong place`);
    const [, quoted, bare, end] = match;
    record.push(quoted === undefined ? (bare === '' ? null : (bare ?? null)) : quoted.replaceAll('""', '"'));
    if (end === ',' && pattern.lastIndex < text.length) continue;
    if (end === ',') record.push(null);
    if (record.length > 1 || record[0] !== null) records.push(record);
    record = [];
  }
  return records;
}
