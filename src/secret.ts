/**
 * Secrets are opaque: they print as `[secret]` everywhere, and their text can be removed from any other text.
 */
import { inspect } from 'node:util';

import type { RevopsError } from './errors.ts';

const MASK = '[secret]';
const revealed = new Set<string>();

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

/** Registers a value obtained at run time (an access token) so that `redact` removes it. Values under 6 characters are left. */
export function remember(value: string): void {
  if (value.length >= 6) {
    revealed.add(value);
    revealed.add(encodeURIComponent(value));
  }
}

/** Forgets all of them: for a process that works for one project after the other. */
export function forgetSecrets(): void {
  revealed.clear();
}

/** The text with every known secret replaced by `[secret]`. The longest first: one may be a part of another. */
export function redact(text: string): string {
  let clean = text;
  for (const value of [...revealed].toSorted((one, other) => other.length - one.length))
    if (clean.includes(value)) clean = clean.replaceAll(value, MASK);
  return clean;
}
