/**
 * Deals.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';

export const deals = objectStream('deals', 'Deals. One row per deal.', {
  dealname: column.text(),
  pipeline: column.text(),
  dealstage: column.text(),
  amount: column.decimal(),
  deal_currency_code: column.text(),
  closedate: column.timestamp(),
  hubspot_owner_id: column.text(),
  hs_primary_associated_company: column.text(),
});
