/**
 * A CSV file of a shipped list, RFC 4180: a header line, `"` doubled inside quotes. An empty unquoted field is NULL.
 */
export function readCsv(text: string): {
  columns: string[];
  rows: (string | null)[][];
  /** The line on which each row begins, 1-based. */
  lines: number[];
} {
  const [header, ...records] = recordsOf(text.replace(/^\uFEFF/, ''));
  return {
    columns: (header?.record ?? []).map((name) => name ?? ''),
    rows: records.map(({ record }) => record),
    lines: records.map(({ line }) => line),
  };
}

// --- internal ---

function recordsOf(text: string): { record: (string | null)[]; line: number }[] {
  const records: { record: (string | null)[]; line: number }[] = [];
  let line = 1;
  let lineBreaks = 0;
  let record: (string | null)[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new SyntaxError(`record ${records.length + 1} has a quote in the wrong place`);
    const [whole, quoted, bare, end] = match;
    lineBreaks += whole.split('\n').length - 1;
    record.push(quoted === undefined ? (bare === '' ? null : (bare ?? null)) : quoted.replaceAll('""', '"'));
    if (end === ',' && pattern.lastIndex < text.length) continue;
    if (end === ',') record.push(null);
    if (record.length > 1 || record[0] !== null) records.push({ record, line });
    record = [];
    line = 1 + lineBreaks;
  }
  return records;
}
