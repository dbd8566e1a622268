/**
 * JSON without losing digits: the platform writes ids as numbers of up to 64 bits, which come as text where a double
 * could not hold them.
 */
export type Node = Record<string, unknown>;

/** Undefined where the text is no JSON object. */
export function parsedObject(text: string): Node | undefined {
  try {
    // Source texts are looked at only where there can be a long number: it is much slower.
    const value: unknown = /\d{16}/.test(text) ? JSON.parse(text, keptWhole as Reviver) : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
  } catch {
    return undefined;
  }
}

/** A member that is text or a number, as text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** A member that is an object; an empty one where it is not. */
export function objectOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

// --- internal ---

type Reviver = (key: string, value: unknown) => unknown;

function keptWhole(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (source ?? value)
    : value;
}
