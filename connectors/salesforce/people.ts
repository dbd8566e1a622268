/**
 * Contacts and leads. A lead that is converted becomes a contact (and maybe a deal) and stays as what it was.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';
import { of } from './selection.ts';

/** Filled by the organisation's own fields, as the options name them: Salesforce has none for these. */
const ownColumns = {
  gclid: column.text(),
  fbclid: column.text(),
  first_page_url: column.text(),
  first_referrer: column.text(),
  first_seen_at: column.timestamp(),
  original_source: column.text(),
  original_source_detail_1: column.text(),
  original_source_detail_2: column.text(),
  latest_source: column.text(),
  latest_source_detail_1: column.text(),
  latest_source_detail_2: column.text(),
  latest_seen_at: column.timestamp(),
};

const person = {
  id: of('Id', column.text()),
  master_record_id: of('MasterRecordId', column.text()),
  email: of('Email', column.text()),
  phone: of('Phone', column.text()),
  mobile_phone: of('MobilePhone', column.text()),
  first_name: of('FirstName', column.text()),
  last_name: of('LastName', column.text()),
  name: of('Name', column.text()),
  lead_source: of('LeadSource', column.text()),
  owner_id: of('OwnerId', column.text()),
  created_date: of('CreatedDate', column.timestamp()),
  last_modified_date: of('LastModifiedDate', column.timestamp()),
  system_modstamp: of('SystemModstamp', column.timestamp()),
};

export const contacts = objectStream({
  name: 'contacts',
  object: 'Contact',
  description: 'People of accounts. One row per contact.',
  columns: { ...person, account_id: of('AccountId', column.text()) },
  ownColumns,
});

export const leads = objectStream({
  name: 'leads',
  object: 'Lead',
  description: 'People before they are contacts, converted ones included. One row per lead.',
  columns: {
    ...person,
    company: of('Company', column.text()),
    website: of('Website', column.text()),
    status: of('Status', column.text()),
    is_converted: of('IsConverted', column.boolean()),
    converted_date: of('ConvertedDate', column.date()),
    converted_contact_id: of('ConvertedContactId', column.text()),
    converted_account_id: of('ConvertedAccountId', column.text()),
    converted_opportunity_id: of('ConvertedOpportunityId', column.text()),
  },
  ownColumns,
});
