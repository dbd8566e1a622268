/**
 * People.
 */
import { column } from 'revops/connector';

import { objectStream } from './objects.ts';

export const contacts = objectStream('contacts', 'People. One row per contact.', {
  email: column.text(),
  phone: column.text(),
  firstname: column.text(),
  lastname: column.text(),
  lifecyclestage: column.text(),
  associatedcompanyid: column.text(),
  hs_analytics_source: column.text(),
  hs_analytics_source_data_1: column.text(),
  hs_analytics_source_data_2: column.text(),
  hs_analytics_first_url: column.text(),
  hs_analytics_first_referrer: column.text(),
  hs_analytics_first_timestamp: column.timestamp(),
  hs_latest_source: column.text(),
  hs_latest_source_data_1: column.text(),
  hs_latest_source_data_2: column.text(),
  hs_latest_source_timestamp: column.timestamp(),
  hs_google_click_id: column.text(),
  hs_facebook_click_id: column.text(),
});
