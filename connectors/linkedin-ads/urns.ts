/**
 * URNs, as the platform names things: `urn:li:sponsoredCampaign:123`.
 */
import { UnreadableAnswer } from './failures.ts';

export type Kind =
  | 'sponsoredAccount'
  | 'sponsoredCampaignGroup'
  | 'sponsoredCampaign'
  | 'sponsoredCreative'
  | 'llaPartnerConversion';

export function urn(kind: Kind, id: string): string {
  return `urn:${kind === 'llaPartnerConversion' ? 'lla' : 'li'}:${kind}:${id}`;
}

/** The id of a URN of a kind; undefined where there is no value. Refuses a value that is something else. */
export function idOf(kind: Kind, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const written = typeof value === 'string' ? value : typeof value;
  const [, found, id] = /^urn:(?:li|lla):(\w+):(\d+)$/.exec(written) ?? [];
  if (found !== kind || id === undefined)
    throw new UnreadableAnswer(`expected the URN of a ${kind}, got ${written.slice(0, 80)}`);
  return id;
}

/** The id of a kind among the pivots of an element, in whatever order they come. */
export function pivotId(kind: Kind, pivotValues: unknown): string {
  const wanted = new RegExp(`^urn:(?:li|lla):${kind}:`);
  const value = Array.isArray(pivotValues) ? pivotValues.find((each) => wanted.test(String(each))) : undefined;
  const id = idOf(kind, value);
  if (id === undefined) throw new UnreadableAnswer(`an element of analytics has no ${kind} among its pivots`);
  return id;
}
