/**
 * Conversion rules: what an account counts on its website, for how long, and by what its claims are counted.
 */
import type { Account } from './accounts.ts';
import type { Api } from './api.ts';
import { textOf, type Node } from './json.ts';
import { LEAD_FORMS, type LinkedinAdsOptions } from './options.ts';
import { byCount, gathered } from './pages.ts';
import { urn } from './urns.ts';

export interface Rule {
  id: string;
  name: string | undefined;
  /** The platform's: LEAD, SIGN_UP, PURCHASE, … */
  type: string | undefined;
  isEnabled: boolean;
  postClickDays: number | undefined;
  viewThroughDays: number | undefined;
  node: Node;
}

/** In order of id. */
export async function listRules(api: Api, { id }: Account): Promise<Rule[]> {
  const nodes = await gathered(byCount(api, 'conversions', 'account', { account: urn('sponsoredAccount', id) }, 500));
  return nodes.map(ruleOf).toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
}

/**
 * What an account's claims are counted by: what the project names; else its oldest enabled rule of the type lead; else
 * the leads of the platform's own forms. Undefined where the project names it for other accounts only.
 */
export function canonicalOf(
  options: LinkedinAdsOptions,
  accountId: string,
  rules: readonly Rule[],
): string | undefined {
  const named = options.canonicalConversion;
  if (typeof named === 'string') return named;
  if (named !== undefined) return named[accountId];
  return rules.find((rule) => rule.isEnabled && rule.type === 'LEAD')?.id ?? LEAD_FORMS;
}

/** Days after an ad in which its conversions can still come in: the longest window of an enabled rule, 30 at least. */
export function longestWindow(rules: readonly Rule[]): number {
  const windows = rules
    .filter((rule) => rule.isEnabled)
    .flatMap(({ postClickDays, viewThroughDays }) => [postClickDays ?? 0, viewThroughDays ?? 0]);
  return Math.max(STANDARD_DAYS, ...windows);
}

/** Days for which clicks and cost are corrected, and the standard window of conversions. */
export const STANDARD_DAYS = 30;

// --- internal ---

function ruleOf(node: Node): Rule {
  const days = (name: string): number | undefined => (typeof node[name] === 'number' ? node[name] : undefined);
  return {
    id: textOf(node['id']) ?? '',
    name: textOf(node['name']),
    type: textOf(node['type']),
    isEnabled: node['enabled'] !== false,
    postClickDays: days('postClickAttributionWindowSize'),
    viewThroughDays: days('viewThroughAttributionWindowSize'),
    node,
  };
}
