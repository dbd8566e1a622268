/**
 * The people that records belong to.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';
import { of } from './selection.ts';

/** Nobody is ever deleted: who left is inactive, and still the owner of old deals. */
export const users = objectStream({
  name: 'users',
  object: 'User',
  description: 'People that records belong to, those who left included. One row per user.',
  columns: {
    id: of('Id', column.text()),
    name: of('Name', column.text()),
    email: of('Email', column.text()),
    user_type: of('UserType', column.text()),
    is_active: of('IsActive', column.boolean()),
    created_date: of('CreatedDate', column.timestamp()),
    last_modified_date: of('LastModifiedDate', column.timestamp()),
    system_modstamp: of('SystemModstamp', column.timestamp()),
  },
});
