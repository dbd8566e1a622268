/**
 * Companies.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';
import { of } from './selection.ts';

export const accounts = objectStream({
  name: 'accounts',
  object: 'Account',
  description: 'Companies. One row per account.',
  columns: {
    id: of('Id', column.text()),
    master_record_id: of('MasterRecordId', column.text()),
    parent_id: of('ParentId', column.text()),
    name: of('Name', column.text()),
    website: of('Website', column.text()),
    type: of('Type', column.text()),
    industry: of('Industry', column.text()),
    number_of_employees: of('NumberOfEmployees', column.bigint()),
    owner_id: of('OwnerId', column.text()),
    created_date: of('CreatedDate', column.timestamp()),
    last_modified_date: of('LastModifiedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});
