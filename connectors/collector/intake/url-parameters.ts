/**
 * UTM parameters and click ids in a URL, read as the models read them: the first of several, its name in any case of
 * letters, decoded; a value whose escapes are no text stays as it is.
 */

/** Columns of the events feed that stand in URLs under their own name. */
export const URL_PARAMETERS = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_content',
  'utm_term',
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'li_fat_id',
  'ttclid',
  'twclid',
  'rdt_cid',
  'sccid',
  'epik',
  'irclickid',
] as const;

/** The parameters a URL has, by column. */
export function urlParameters(url: string): Record<string, string> {
  const query = /^[^?#]*\?([^#]*)/.exec(url)?.[1] ?? '';
  const found: Record<string, string> = {};
  if (query === '') return found;
  for (const name of URL_PARAMETERS) {
    const value = new RegExp(`(?:^|&)${name}=([^&]*)`, 'i').exec(query)?.[1] ?? '';
    if (value !== '') found[name] = decoded(value);
  }
  return found;
}

// --- internal ---

function decoded(value: string): string {
  if (value.includes('%00')) return value;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}
