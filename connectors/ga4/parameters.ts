/**
 * Parameters of an event, which the export nests: `[{ key, value: { string_value, int_value, float_value, double_value } }]`.
 */
import type { SourceRecord } from 'revops/connector';

/** By their keys; numbers too large for one stay text. A list as text (Postgres, CSV) is read as JSON. */
export function parametersOf(given: unknown): SourceRecord {
  const found: SourceRecord = {};
  for (const parameter of listOf(given)) {
    const { key, value } = parameter as { key?: unknown; value?: SourceRecord | null };
    if (typeof key !== 'string' || value === null || value === undefined) continue;
    const told = VALUES.map((name) => [name, value[name]] as const).find(
      ([, one]) => one !== null && one !== undefined,
    );
    if (told !== undefined) found[key] = told[0] === 'string_value' ? told[1] : numberOf(told[1]);
  }
  return found;
}

// --- internal ---

const VALUES = ['string_value', 'int_value', 'double_value', 'float_value'];

function listOf(given: unknown): unknown[] {
  if (Array.isArray(given)) return given.filter((one) => typeof one === 'object' && one !== null);
  if (typeof given !== 'string') return [];
  try {
    return listOf(JSON.parse(given) as unknown);
  } catch {
    return [];
  }
}

function numberOf(value: unknown): unknown {
  const number = Number(value);
  return typeof value === 'string' &&
    (Number.isNaN(number) || (Number.isInteger(number) && !Number.isSafeInteger(number)))
    ? value
    : number;
}
