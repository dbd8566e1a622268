/**
 * The first-party id: a cookie that only this server sets and reads, and only for whom it may.
 */
import type { CookieOptions } from '../options.ts';

/** The cookies of a request by name; the first of several. */
export function cookiesOf(header: string | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (name !== '' && !found.has(name)) found.set(name, pair.slice(at + 1).trim());
  }
  return found;
}

/** The id in a cookie; null where it is none that this server has set. */
export function knownId(cookies: ReadonlyMap<string, string>, { name }: CookieOptions): string | null {
  const value = cookies.get(name) ?? '';
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : null;
}

/** The header that sets the id, or takes it away (null). */
export function setCookie(id: string | null, { name, domain, days, sameSite }: CookieOptions): string {
  return [
    `${name}=${id ?? ''}`,
    `Max-Age=${id === null ? 0 : days * 86_400}`,
    'Path=/',
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    'HttpOnly',
    'Secure',
    `SameSite=${sameSite}`,
  ].join('; ');
}
