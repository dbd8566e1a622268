/**
 * Companies.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';

export const companies = objectStream('companies', 'Companies. One row per company.', {
  name: column.text(),
  domain: column.text(),
  numberofemployees: column.double(),
});
