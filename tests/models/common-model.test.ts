import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readModelProject } from '../../src/model/index.ts';

const root = join(import.meta.dirname, '../..');
const project = await readModelProject([{ origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') }]);

/** Feeds by connector: by its staging models, and those whose streams have a feed's columns already. */
const filled = new Map<string, Set<string>>();
for (const folder of globSync('connectors/*/', { cwd: root })) filled.set(folder.split('/')[1] ?? '', new Set());
for (const { source, feeds } of project.models)
  if (feeds !== undefined && source !== undefined) filled.get(source.connector.replaceAll('_', '-'))?.add(feeds);
for (const [connector, feeds] of filled) {
  for (const file of globSync(`connectors/${connector}/*.ts`, { cwd: root })) {
    for (const [, feed = ''] of readFileSync(join(root, file), 'utf8').matchAll(/feedNamed\([\w.]+, '(\w+)'\)/g))
      feeds.add(feed);
  }
}
for (const { name } of project.feeds) filled.get('files')?.add(name);

test('Every connector maps to the common model, to these feeds.', () => {
  const listed = [...filled].filter(([connector]) => connector !== 'files').toSorted();
  expect(Object.fromEntries(listed.map(([connector, feeds]) => [connector, [...feeds].toSorted().join(' ')]))).toEqual({
    collector: 'consents events',
    ga4: 'events',
    'google-ads': 'ad_claims ad_clicks ad_spend',
    hubspot:
      'activities activity_deals companies contact_stage_changes contacts deal_contacts deal_merges deal_stage_changes deals events owners pipeline_stages tickets',
    'linkedin-ads': 'ad_claims ad_spend creative_spend',
    'meta-ads': 'ad_claims ad_spend creative_spend',
    pipedrive: 'companies contacts deal_contacts deal_stage_changes deals owners pipeline_stages',
    rudderstack: 'events',
    salesforce:
      'campaign_touches companies contact_stage_changes contacts deal_contacts deal_stage_changes deals owners pipeline_stages',
    segment: 'events',
    snowplow: 'events',
    stripe: 'invoices subscriptions',
  });
});

test('Contact, account, deal, event, spend, order, subscription and ticket are there, filled by whom the page says.', () => {
  const rows = readFileSync(join(root, 'docs/data-model.md'), 'utf8').matchAll(
    /^\| (\w+) \| `(\w+)` \| (`\w+`(?:, `\w+`)*) \| (.+) \|$/gm,
  );
  const things = [...rows].map(([, thing = '', feed = '', relations = '', connectors = '']) => {
    const fillers = [...filled].filter(([, feeds]) => feeds.has(feed)).map(([connector]) => connector);
    expect.soft(connectors, thing).toBe(fillers.toSorted().join(', '));
    const names = relations.split(', ').map((name) => name.replaceAll('`', ''));
    const models = project.models.filter(({ layer }) => layer === 'core' || layer === 'marts').map(({ name }) => name);
    expect
      .soft(
        names.filter((name) => !models.includes(name)),
        thing,
      )
      .toEqual([]);
    return thing;
  });
  expect(things).toEqual(['contact', 'account', 'deal', 'event', 'spend', 'order', 'subscription', 'ticket']);
});

test('A field is of one type in every feed that has it, and money, times and flags are told by their names.', () => {
  const types = new Map<string, Set<string>>();
  for (const { columns } of project.feeds)
    for (const { name, type } of columns) types.set(name, (types.get(name) ?? new Set()).add(type));
  expect([...types].filter(([, found]) => found.size > 1)).toEqual([]);
  const wrong = [...types].filter(([name, found]) => {
    const [type] = found;
    if (name.endsWith('_id')) return type !== 'text';
    if (name.endsWith('_at')) return type !== 'timestamptz';
    if (name.endsWith('_date')) return type !== 'date';
    return /^(is|has)_/.test(name) ? type !== 'boolean' : false;
  });
  expect(wrong).toEqual([]);
});
