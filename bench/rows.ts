/**
 * The rows of the bench: ad group facts, as the platform writes them and as the connector names them.
 */

/** The account that has them: one the emulator lists as reachable. */
export const ACCOUNT = '2000000001';

/** A row in the platform's JSON. */
export function wireRow(day: string, index: number): string {
  const { id, cost, clicks } = figures(index);
  return `{"customer":{"resourceName":"customers/${ACCOUNT}","id":"${ACCOUNT}"},"campaign":{"resourceName":"customers/${ACCOUNT}/campaigns/${id % 97}","id":"${id % 97}","name":"Search | Brand | ${id % 97}","status":"ENABLED","advertisingChannelType":"SEARCH","advertisingChannelSubType":"UNSPECIFIED"},"adGroup":{"resourceName":"customers/${ACCOUNT}/adGroups/${id}","id":"${id}","name":"Group ${id}","status":"ENABLED"},"segments":{"date":"${day}"},"metrics":{"costMicros":"${cost}","impressions":"${clicks * 31}","clicks":"${clicks}","interactions":"${clicks}","conversions":${clicks / 16},"conversionsValue":${clicks * 2.5},"allConversions":${clicks / 8},"allConversionsValue":${clicks * 3.5},"conversionsByConversionDate":${clicks / 32},"conversionsValueByConversionDate":${clicks * 1.5},"viewThroughConversions":"${clicks % 5}"}}`;
}

/** The same row as a record of the stream, for the floor. */
export function record(day: string, index: number): Record<string, unknown> {
  const { id, cost, clicks } = figures(index);
  return {
    account_id: ACCOUNT,
    account_name: 'Company Search',
    account_time_zone: 'Europe/Berlin',
    currency: 'EUR',
    campaign_id: String(id % 97),
    campaign_name: `Search | Brand | ${id % 97}`,
    campaign_status: 'ENABLED',
    channel_type: 'SEARCH',
    channel_sub_type: 'UNSPECIFIED',
    date: day,
    ad_group_id: String(id),
    ad_group_name: `Group ${id}`,
    ad_group_status: 'ENABLED',
    cost: cost / 1e6,
    impressions: clicks * 31,
    clicks,
    interactions: clicks,
    conversions: clicks / 16,
    conversions_value: clicks * 2.5,
    all_conversions: clicks / 8,
    all_conversions_value: clicks * 3.5,
    conversions_by_conversion_date: clicks / 32,
    conversions_value_by_conversion_date: clicks * 1.5,
    view_through_conversions: clicks % 5,
  };
}

/** Both ends included. */
export function* daysBetween(from: string, to: string): Generator<string> {
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) yield new Date(at).toISOString().slice(0, 10);
}

// --- internal ---

/** The same every day. */
function figures(index: number): { id: number; cost: number; clicks: number } {
  const turn = (index * 7919) % 1_000_003;
  return { id: 1_000_000 + index, cost: (turn % 50_000) * 10_000, clicks: turn % 640 };
}
