/**
 * Errors as platforms and SDKs give them may quote what was sent, anywhere: in the message, in a code, in the raw answer.
 */
import { redact } from '../secret.ts';

/**
 * Removes known secrets from an error and its causes, in place: it stays the error that code knows by its class. What it
 * refers to may still be in use (the headers of a client), so objects are replaced by copies and never changed.
 */
export function removeSecrets(error: unknown): void {
  for (let current = error, depth = 0; current instanceof Error && depth < DEEPEST; depth += 1) {
    for (const name of Object.getOwnPropertyNames(current)) replace(current, name);
    // Where the SDK captured it itself, the stack is no plain property.
    const { stack } = current;
    if (stack !== undefined && redact(stack) !== stack) Reflect.set(current, 'stack', redact(stack));
    current = current.cause;
  }
}

// --- internal ---

const DEEPEST = 6;

function replace(holder: Error, name: string): void {
  const property = Object.getOwnPropertyDescriptor(holder, name);
  if (property === undefined || !('value' in property) || property.value instanceof Error) return;
  const value: unknown = property.value;
  const clean = cleaned(value, 0);
  if (clean === value) return;
  if (property.configurable === true) Object.defineProperty(holder, name, { ...property, value: clean });
  else if (property.writable === true) Reflect.set(holder, name, clean);
}

/** The value itself where it holds no secret, and where it is neither text nor plain data. */
function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (depth === DEEPEST || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => cleaned(item, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, part, cleaned(part, depth + 1)] as const);
  return entries.some(([, part, clean]) => part !== clean)
    ? Object.fromEntries(entries.map(([name, , clean]) => [name, clean]))
    : value;
}
