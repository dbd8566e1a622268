/**
 * Deals, when they entered their stages, who is on them, and the stages there are.
 */
import { column } from 'revops/connector';

import { historyStream, objectStream } from './objects.ts';
import { of } from './selection.ts';

export const opportunities = objectStream({
  name: 'opportunities',
  object: 'Opportunity',
  description: 'Deals. The close date is typed by people. One row per opportunity.',
  columns: {
    id: of('Id', column.text()),
    account_id: of('AccountId', column.text()),
    name: of('Name', column.text()),
    stage_name: of('StageName', column.text()),
    amount: of('Amount', column.decimal()),
    /** Organisations with one currency do not have it. */
    currency_iso_code: of('CurrencyIsoCode', column.text()),
    close_date: of('CloseDate', column.date()),
    is_closed: of('IsClosed', column.boolean()),
    is_won: of('IsWon', column.boolean()),
    type: of('Type', column.text()),
    lead_source: of('LeadSource', column.text()),
    campaign_id: of('CampaignId', column.text()),
    owner_id: of('OwnerId', column.text()),
    created_date: of('CreatedDate', column.timestamp()),
    last_modified_date: of('LastModifiedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});

/** Always kept by the platform, unlike field history, which is switched on per field and ends after 18 months. */
export const opportunityHistory = historyStream({
  name: 'opportunity_history',
  object: 'OpportunityHistory',
  description: 'Stage, amount and close date of deals each time one of them changed. One row per change.',
  columns: {
    id: of('Id', column.text()),
    opportunity_id: of('OpportunityId', column.text()),
    stage_name: of('StageName', column.text()),
    amount: of('Amount', column.decimal()),
    currency_iso_code: of('CurrencyIsoCode', column.text()),
    close_date: of('CloseDate', column.date()),
    probability: of('Probability', column.decimal()),
    created_by_id: of('CreatedById', column.text()),
    created_by_user_type: of('CreatedBy.UserType', column.text()),
    created_date: of('CreatedDate', column.timestamp()),
  },
});

export const opportunityContactRoles = objectStream({
  name: 'opportunity_contact_roles',
  object: 'OpportunityContactRole',
  description: 'Contacts of deals. One row per role.',
  columns: {
    id: of('Id', column.text()),
    opportunity_id: of('OpportunityId', column.text()),
    contact_id: of('ContactId', column.text()),
    role: of('Role', column.text()),
    is_primary: of('IsPrimary', column.boolean()),
    created_date: of('CreatedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});

export const opportunityStages = objectStream({
  name: 'opportunity_stages',
  object: 'OpportunityStage',
  description: 'Stages of deals, inactive ones included. One row per stage.',
  isSmall: true,
  columns: {
    id: of('Id', column.text()),
    api_name: of('ApiName', column.text()),
    master_label: of('MasterLabel', column.text()),
    sort_order: of('SortOrder', column.bigint()),
    is_active: of('IsActive', column.boolean()),
    is_closed: of('IsClosed', column.boolean()),
    is_won: of('IsWon', column.boolean()),
    default_probability: of('DefaultProbability', column.decimal()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});
