/**
 * The simulated company as rows of the feeds, straight from the world: what a sync without any fault amounts to.
 */
import type { CrmObject, World, WorldView } from '../../fixtures/world/index.ts';
import type { InputRow } from '../../src/model/contract.ts';

/** Feeds and engine-filled inputs as of an instant of the world. */
export function worldFeeds(world: World, now: string, today: string): Record<string, InputRow[]> {
  const view = world.at(now);
  const storedClicks = new Set(view.crmObjects('contacts').flatMap(({ properties }) => properties['gclid'] ?? []));
  const { options } = world;
  return {
    settings: [
      {
        time_zone: options.timeZone,
        reporting_currency: options.currency,
        week_start: 'monday',
        lookback_days: 90,
        primary_model: 'first_touch',
        conversion_owner: 'company',
        session_timeout_minutes: 30,
        session_splits_on_source: true,
        settle_days: 14,
        position_first: '0.4',
        position_last: '0.4',
        w_first: '0.3',
        w_lead: '0.3',
        w_opportunity: '0.3',
        half_life_days: 7,
        booking_basis: 'conversion',
        closed_to: null,
        has_baseline: true,
        baseline_id: 'world',
        baseline_from: null,
        baseline_date: null,
        first_date: options.start,
      },
    ],
    identity_settings: [
      { key_id: 'world', default_country: 'DE', most_identities: 10, most_devices: 100, joins_mailbox_aliases: false },
    ],
    clock: [{ now_at: now, today }],
    ad_spend_feed: adAccounts(view).flatMap((account) => spendOf(view, account, options.start, today)),
    ad_clicks_feed: adAccounts(view).flatMap(({ id }) => clicksOf(view, id, options.start, today, storedClicks)),
    contacts_feed: view.crmObjects('contacts').map((contact) => contactRow(view, contact)),
    companies_feed: view
      .crmObjects('companies')
      .map(({ id, isArchived }) => ofCrm({ company_id: id, is_deleted: isArchived })),
    deals_feed: view.crmObjects('deals').map((deal) => dealRow(view, deal)),
    deal_stage_changes_feed: view.crmObjects('deals').flatMap(stageRows),
    deal_contacts_feed: view
      .crmObjects('deals')
      .flatMap((deal) =>
        view
          .associations('deals', deal.id, 'contacts')
          .map(({ toId }) => ofCrm({ deal_id: deal.id, contact_id: toId })),
      ),
    pipeline_stages_feed: view.pipelines().flatMap((pipeline) =>
      pipeline.stages.map((stage) =>
        ofCrm({
          pipeline_id: pipeline.id,
          pipeline_label: pipeline.label,
          stage_id: stage.id,
          stage_label: stage.label,
          stage_order: stage.order,
          is_closed: stage.isClosed,
          is_won: stage.isWon,
        }),
      ),
    ),
  };
}

// --- internal ---

type Account = ReturnType<WorldView['adAccounts']>[number];

function adAccounts(view: WorldView): Account[] {
  return view.adAccounts().filter((account) => !account.isManager);
}

function spendOf(view: WorldView, account: Account, from: string, to: string): InputRow[] {
  const campaigns = new Map(view.campaigns(account.id).map((campaign) => [campaign.id, campaign]));
  return [...view.campaignFacts(account.id, from, to), ...view.adGroupFacts(account.id, from, to)].map((fact) => ({
    platform: 'google_ads',
    account_id: account.id,
    account_time_zone: account.timeZone,
    currency: account.currency,
    campaign_id: fact.campaignId,
    campaign_name: campaigns.get(fact.campaignId)?.name ?? null,
    campaign_type: campaigns.get(fact.campaignId)?.channelType.toLowerCase() ?? null,
    spend_level: fact.adGroupId === null ? 'campaign' : 'segment',
    segment_id: fact.adGroupId ?? '',
    spend_date: fact.day,
    source_grain: 'day',
    spend: microsText(fact.costMicros),
    impressions: fact.impressions,
    clicks: fact.clicks,
  }));
}

/** Money from micros without a floating point number in between. */
function microsText(micros: bigint): string {
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
}

/** Only clicks that a contact carries: the others meet nothing, and given rows are slow to parse. */
function clicksOf(
  view: WorldView,
  accountId: string,
  from: string,
  to: string,
  stored: ReadonlySet<string>,
): InputRow[] {
  const rows: InputRow[] = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) {
    for (const click of view.clicks(accountId, new Date(day).toISOString().slice(0, 10))) {
      if (!stored.has(click.gclid)) continue;
      rows.push({
        platform: 'google_ads',
        account_id: accountId,
        click_id_type: 'gclid',
        click_id: click.gclid,
        campaign_id: click.campaignId,
        click_date: click.day,
      });
    }
  }
  return rows;
}

function contactRow(view: WorldView, contact: CrmObject): InputRow {
  const { properties } = contact;
  return ofCrm({
    contact_id: contact.id,
    company_id: primaryCompany(view, contact),
    original_source: properties['originalSource'] ?? null,
    first_seen_at: properties['firstSeenAt'] ?? null,
    latest_source: properties['latestSource'] ?? null,
    latest_seen_at: properties['latestSeenAt'] ?? null,
    gclid: properties['gclid'] ?? null,
    created_at: contact.createdAt,
    updated_at: contact.updatedAt,
    is_deleted: contact.isArchived,
  });
}

function dealRow(view: WorldView, deal: CrmObject): InputRow {
  const { properties } = deal;
  return ofCrm({
    deal_id: deal.id,
    company_id: primaryCompany(view, deal),
    pipeline_id: properties['pipeline'] ?? null,
    stage_id: properties['stage'] ?? null,
    amount: properties['amount'] ?? null,
    currency: properties['currency'] ?? null,
    close_date_at: properties['closeDate'] ?? null,
    created_at: deal.createdAt,
    updated_at: deal.updatedAt,
    is_deleted: deal.isArchived,
  });
}

function stageRows(deal: CrmObject): InputRow[] {
  return (deal.history['stage'] ?? []).map(({ value, at, actor }) =>
    ofCrm({
      deal_id: deal.id,
      stage_id: value,
      entered_at: at,
      recorded_at: at,
      actor: ACTORS[actor],
    }),
  );
}

const ACTORS = { CRM_UI: 'manual', IMPORT: 'import', INTEGRATION: 'automation', AUTOMATION_PLATFORM: 'automation' };

function primaryCompany(view: WorldView, object: CrmObject): string | null {
  return view.associations(object.type, object.id, 'companies').find(({ isPrimary }) => isPrimary)?.toId ?? null;
}

function ofCrm(row: InputRow): InputRow {
  return { source: 'hubspot', ...row };
}
