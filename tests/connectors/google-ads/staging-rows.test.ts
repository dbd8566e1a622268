/** What the staging models make of raw rows, on both engines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { isLogicalType, type LogicalType, type Row } from '../../../src/warehouse/types.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';

type Given = Record<string, string | number | boolean | null>;

for (const engine of engines) {
  describe(`on ${engine}, the staging models`, () => {
    let opened: TestWarehouse;
    beforeAll(async () => {
      opened = await openTestWarehouse(engine);
    });
    afterAll(() => opened.dispose());

    /** The model's rows over a table `source` with these rows. */
    async function staged(model: string, given: Given[]): Promise<Row[]> {
      const { warehouse } = opened;
      const text = readFileSync(
        join(import.meta.dirname, '../../../models/staging/google-ads', `${model}.sql`),
        'utf8',
      );
      const [, header = '', sql = ''] = /\/\*([\s\S]*?)\*\/([\s\S]*)/.exec(text) ?? [];
      const reads = Object.entries((parse(header) as { reads: Record<string, string> }).reads);
      const columns = reads.map(([name, type]) => `"${name}" ${warehouse.typeName(type as LogicalType)}`);
      expect(reads.every(([, type]) => isLogicalType(type))).toBe(true);
      await warehouse.execute('drop table if exists source');
      await warehouse.execute(`create table source (${columns.join(', ')})`);
      for (const row of given) {
        const values = reads.map(([name, type], index) => ({
          value: row[name] ?? null,
          sql: `cast($${index + 1} as ${warehouse.typeName(type as LogicalType)})`,
        }));
        await warehouse.execute(
          `insert into source values (${values.map(({ sql: value }) => value).join(', ')})`,
          values.map(({ value }) => value),
        );
      }
      return warehouse.query(sql);
    }

    const fact = {
      account_id: '1',
      account_name: 'A',
      account_time_zone: 'Asia/Tokyo',
      currency: 'JPY',
      campaign_id: '9007199254740993',
      campaign_name: 'C',
      date: '2026-05-01',
      cost: '1.234567',
      impressions: '10',
      clicks: '2',
      _deleted: false,
    };

    it('give spend to the micro, the kind of campaign, and no row that vanished', async () => {
      const rows = await staged('campaign_days', [
        { ...fact, channel_type: 'PERFORMANCE_MAX' },
        { ...fact, channel_type: 'BRAND_NEW_TYPE', cost: '123456789012.000001', date: '2026-05-02' },
        { ...fact, channel_type: 'SEARCH', date: '2026-05-03', _deleted: true },
      ]);
      expect(
        rows.map((row) => [
          row['spend_date'],
          row['campaign_type'],
          row['spend'],
          row['spend_level'],
          row['segment_id'],
          row['segment_name'],
          row['campaign_id'],
        ]),
      ).toEqual([
        ['2026-05-01', 'performance_max', '1.234567', 'campaign', '', null, '9007199254740993'],
        ['2026-05-02', 'other', '123456789012.000001', 'campaign', '', null, '9007199254740993'],
      ]);
    });

    it('give ad groups as segments', async () => {
      const [row] = await staged('ad_group_days', [
        { ...fact, channel_type: 'SEARCH', ad_group_id: '77', ad_group_name: 'G' },
      ]);
      expect(row).toMatchObject({
        spend_level: 'segment',
        segment_id: '77',
        segment_name: 'G',
        spend: '1.234567',
        campaign_type: 'search',
      });
    });

    it('claim as the column Conversions shows, other actions as All conversions', async () => {
      const claim = {
        account_id: '1',
        account_time_zone: 'UTC',
        currency: 'EUR',
        campaign_id: '2',
        date: '2026-05-01',
        conversion_action_id: '3',
        conversion_action_name: 'N',
        conversion_action_category: 'PURCHASE',
        conversions: 1.5,
        conversions_value: '10.5',
        all_conversions: 4,
        all_conversions_value: '40',
        _deleted: false,
      };
      const rows = await staged('conversion_action_days', [
        { ...claim, is_in_conversions: true, is_canonical: true },
        { ...claim, conversion_action_id: '4', is_in_conversions: false, is_canonical: null },
        { ...claim, conversion_action_id: '5', is_in_conversions: null, is_canonical: false },
      ]);
      expect(
        rows.map((row) => [
          row['action'],
          row['is_canonical'],
          row['claimed_conversions'],
          row['claimed_value'],
          row['action_category'],
        ]),
      ).toEqual([
        ['3', true, 1.5, '10.500000', 'purchase'],
        ['4', false, 4, '40.000000', 'purchase'],
        ['5', false, 4, '40.000000', 'purchase'],
      ]);
    });

    it('keep click ids verbatim', async () => {
      const click = {
        account_id: '1',
        account_time_zone: 'UTC',
        date: '2026-05-01',
        campaign_id: '2',
        ad_group_id: null,
        _deleted: false,
      };
      const rows = await staged('clicks', [
        { ...click, gclid: 'AbC' },
        { ...click, gclid: 'aBc' },
      ]);
      expect(rows.map((row) => [row['click_id'], row['click_id_type'], row['segment_id']])).toEqual([
        ['AbC', 'gclid', null],
        ['aBc', 'gclid', null],
      ]);
    });

    it('mark accounts, campaigns and actions that are gone', async () => {
      expect(await staged('accounts', [{ account_id: '1', status: 'CANCELED', _deleted: true }])).toMatchObject([
        { status: 'canceled', is_deleted: true },
      ]);
      expect(
        await staged('campaigns', [
          { account_id: '1', campaign_id: '2', channel_type: null, status: 'REMOVED', _deleted: false },
        ]),
      ).toMatchObject([{ campaign_type: 'other', status: 'removed' }]);
      expect(
        await staged('conversion_actions', [
          { account_id: '1', conversion_action_id: '2', category: 'SIGNUP', _deleted: false },
        ]),
      ).toMatchObject([{ action: '2', action_category: 'signup' }]);
    });
  });
}
