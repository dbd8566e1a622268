/**
 * What an account consists of, with everything that was ever removed: the platform leaves it out unless it is named, and
 * with it the names of what was once paid for.
 */
import type { Account } from './accounts.ts';
import type { Api } from './api.ts';
import { objectOf, textOf, type Node } from './json.ts';
import { byToken, gathered } from './pages.ts';

const STATUSES = ['ACTIVE', 'ARCHIVED', 'CANCELED', 'DRAFT', 'PAUSED', 'PENDING_DELETION', 'REMOVED'];

export function listGroups(api: Api, { id }: Account): Promise<Node[]> {
  return gathered(byToken(api, `adAccounts/${id}/adCampaignGroups`, 'search', inStatus(STATUSES), 500));
}

export function listCampaigns(api: Api, { id }: Account): Promise<Node[]> {
  const statuses = [...STATUSES, 'COMPLETED'];
  return gathered(byToken(api, `adAccounts/${id}/adCampaigns`, 'search', inStatus(statuses), 500));
}

/** Page by page: there can be 15,000. */
export function creativePages(api: Api, { id }: Account): AsyncGenerator<Node[]> {
  return byToken(api, `adAccounts/${id}/creatives`, 'criteria', {}, 100);
}

/** When an object was made and last changed, in epoch milliseconds. */
export function stampsOf(node: Node): { created_at: unknown; last_modified_at: unknown } {
  const stamps = objectOf(node['changeAuditStamps']);
  return {
    created_at: objectOf(stamps['created'])['time'] ?? node['created'] ?? node['createdAt'],
    last_modified_at: objectOf(stamps['lastModified'])['time'] ?? node['lastModified'] ?? node['lastModifiedAt'],
  };
}

/** When an object runs, in epoch milliseconds; a missing end is open. */
export function scheduleOf(node: Node): { run_start: unknown; run_end: unknown } {
  const schedule = objectOf(node['runSchedule']);
  return { run_start: schedule['start'], run_end: schedule['end'] };
}

/** An amount of `{ amount, currencyCode }`. */
export function amountOf(value: unknown): string | undefined {
  return textOf(objectOf(value)['amount']);
}

// --- internal ---

function inStatus(values: readonly string[]): { search: { status: { values: readonly string[] } } } {
  return { search: { status: { values } } };
}
