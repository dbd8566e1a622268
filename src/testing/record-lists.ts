/**
 * The lists of records in an answer, whatever the platform calls them.
 */
export type JsonRecord = Record<string, unknown>;

/**
 * The body with each outermost list of objects changed; an answer that is a list of answers has one in each. What is no
 * JSON is left as it is.
 */
export function eachRecordList(body: string, change: (records: JsonRecord[]) => JsonRecord[]): string {
  let answer: unknown;
  try {
    answer = withWholeNumbersAsText(body);
  } catch {
    return body;
  }
  const changed = Array.isArray(answer)
    ? answer.map((part: unknown) => inLists(part, change))
    : inLists(answer, change);
  return numbersAgain(JSON.stringify(changed));
}

// --- internal ---

function inLists(value: unknown, change: (records: JsonRecord[]) => JsonRecord[]): unknown {
  if (Array.isArray(value)) return value.every(isObject) && value.length > 0 ? change(value) : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inLists(part, change)]));
}

function isObject(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whole numbers beyond 2^53 would lose digits on the way, so they go it as text. */
const LONG = /(?<=[:[,]\s*)-?\d{16,}(?=\s*[,}\]])/g;
const MARKED = /"whole number (-?\d+)"/g;

function withWholeNumbersAsText(body: string): unknown {
  return JSON.parse(body.replace(LONG, (digits) => `"whole number ${digits}"`));
}

function numbersAgain(body: string): string {
  return body.replace(MARKED, '$1');
}
