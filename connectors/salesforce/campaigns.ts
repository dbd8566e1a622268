/**
 * Campaigns and who is in them.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';
import { of } from './selection.ts';

export const campaigns = objectStream({
  name: 'campaigns',
  object: 'Campaign',
  description: 'Campaigns. One row per campaign.',
  columns: {
    id: of('Id', column.text()),
    parent_id: of('ParentId', column.text()),
    name: of('Name', column.text()),
    type: of('Type', column.text()),
    status: of('Status', column.text()),
    is_active: of('IsActive', column.boolean()),
    start_date: of('StartDate', column.date()),
    end_date: of('EndDate', column.date()),
    budgeted_cost: of('BudgetedCost', column.decimal()),
    actual_cost: of('ActualCost', column.decimal()),
    currency_iso_code: of('CurrencyIsoCode', column.text()),
    created_date: of('CreatedDate', column.timestamp()),
    last_modified_date: of('LastModifiedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});

/** The campaign's name and type are as of the last change of the membership, or of the weekly full read. */
export const campaignMembers = objectStream({
  name: 'campaign_members',
  object: 'CampaignMember',
  description: 'Contacts and leads in campaigns, and when they responded. One row per membership.',
  columns: {
    id: of('Id', column.text()),
    campaign_id: of('CampaignId', column.text()),
    campaign_name: of('Campaign.Name', column.text()),
    campaign_type: of('Campaign.Type', column.text()),
    contact_id: of('ContactId', column.text()),
    lead_id: of('LeadId', column.text()),
    status: of('Status', column.text()),
    has_responded: of('HasResponded', column.boolean()),
    first_responded_date: of('FirstRespondedDate', column.date()),
    created_date: of('CreatedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});
