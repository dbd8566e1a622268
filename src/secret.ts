/**
 * Secrets are opaque: they print as `[secret]` everywhere, and their text can be removed from any other text.
 */
import { inspect } from 'node:util';

import type { RevopsError } from './errors.ts';

const MASK = '[secret]';
const revealed = new Set<string>();
let longestFirst: string[] | undefined;

export class Secret {
  /** Where it comes from, for messages: `env HUBSPOT_TOKEN`. */
  readonly origin: string;
  readonly #value: string | RevopsError;

  /** A secret that isn't there is given as the error that `reveal` throws: a project loads without its secrets. */
  constructor(value: string | RevopsError, origin: string) {
    this.#value = value;
    this.origin = origin;
    if (typeof value === 'string') remember(value);
  }

  /** Why there is no value; undefined where there is one. */
  get missing(): RevopsError | undefined {
    return typeof this.#value === 'string' ? undefined : this.#value;
  }

  /** The plain text. Call it where the value leaves for its platform, nowhere else. SECRET_MISSING where there is none. */
  reveal(): string {
    if (typeof this.#value !== 'string') throw this.#value;
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/**
 * Registers a value obtained at run time (an access token) so that `redact` removes it: as it is, each of its lines, and
 * both as URLs, JSON and CSV write them. What is under 6 characters is left: it would be taken out of ordinary words.
 */
export function remember(value: string): void {
  for (const part of [value, ...value.split(/[\r\n]+/).map((line) => line.trim())])
    if (part.length >= SHORTEST) for (const form of formsOf(part)) revealed.add(form);
  longestFirst = undefined;
}

/** Forgets all of them: for a process that works for one project after the other. */
export function forgetSecrets(): void {
  revealed.clear();
  longestFirst = undefined;
}

/** The text with every known secret replaced by `[secret]`. The longest first: one may be a part of another. */
export function redact(text: string): string {
  longestFirst ??= [...revealed].toSorted((one, other) => other.length - one.length);
  let clean = text;
  for (const value of longestFirst) if (clean.includes(value)) clean = clean.replaceAll(value, MASK);
  return clean;
}

// --- internal ---

const SHORTEST = 6;

/** How deep text stands within text: a message that quotes JSON, in a line of a log, in a column of a file. */
const DEEPEST = 3;

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** What writes a text into another one. Few values have anything that is written otherwise. */
const ESCAPES = [
  inJson,
  (text: string): string => inJson(text).replaceAll('/', String.raw`\/`),
  (text: string): string => text.replaceAll('"', '""'),
];

function formsOf(value: string): Set<string> {
  let newest = new Set([value, encodeURIComponent(value)]);
  const forms = new Set(newest);
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    newest = new Set(
      [...newest].flatMap((text) => ESCAPES.map((escape) => escape(text))).filter((text) => !forms.has(text)),
    );
    for (const form of newest) forms.add(form);
  }
  return forms;
}
