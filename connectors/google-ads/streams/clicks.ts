import { column, type DayWindowStream, type SourceRecord } from 'revops/connector';

import type { Account } from '../accounts.ts';
import type { AdsClient } from '../client.ts';
import { requestSpans } from '../days.ts';
import { clickPartitions, daysOfSlice } from '../partitions.ts';
import { type AdsRow, field, lastPart } from '../values.ts';

const FIELDS = `customer.id, customer.time_zone, campaign.id, campaign.name, ad_group.id, segments.date, segments.device,
  click_view.gclid, click_view.ad_group_ad, click_view.keyword_info.text, click_view.keyword_info.match_type`;

export const clicks: DayWindowStream<AdsClient> = {
  name: 'clicks',
  description:
    'Single clicks with their click id, which leads from a visit to campaign and ad group. Kept by the platform for 90 days.',
  mode: 'window',
  schema: {
    account_id: column.text(),
    account_time_zone: column.text(),
    gclid: column.text(),
    date: column.date(),
    campaign_id: column.text(),
    campaign_name: column.text(),
    ad_group_id: column.text(),
    ad_id: column.text(),
    keyword: column.text(),
    keyword_match_type: column.text(),
    device: column.text(),
  },
  primaryKey: ['account_id', 'gclid'],
  partitions: clickPartitions,
  day: 'date',
  restates: 2,
  // The platform answers for exactly one day: a slice is that many requests, landed together.
  sliceDays: 15,
  async *read(context, slice) {
    const days = await daysOfSlice(context, slice);
    if (days === null) return;
    const { account } = days;
    for (const { from } of requestSpans(days.from, days.to, 1)) {
      const query = `SELECT ${FIELDS} FROM click_view WHERE segments.date = '${from}'`;
      for await (const rows of context.client.search(account, query)) {
        yield { records: rows.map((row) => click(row, account)) };
      }
      yield { records: [], through: from };
    }
  },
};

// --- internal ---

function click(row: AdsRow, account: Account): SourceRecord {
  return {
    account_id: account.id,
    account_time_zone: field(row, 'customer.timeZone') ?? account.timeZone,
    gclid: field(row, 'clickView.gclid'),
    date: field(row, 'segments.date'),
    campaign_id: field(row, 'campaign.id'),
    campaign_name: field(row, 'campaign.name'),
    ad_group_id: field(row, 'adGroup.id'),
    ad_id: lastPart(field(row, 'clickView.adGroupAd'))?.split('~')[1],
    keyword: field(row, 'clickView.keywordInfo.text'),
    keyword_match_type: field(row, 'clickView.keywordInfo.matchType'),
    device: field(row, 'segments.device'),
  };
}
