/**
 * Settings of a project that says nothing of its own, for tests that build much of the library.
 */
import type { InputRow } from '../../src/model/contract.ts';
import { SETTINGS } from '../attribution/paths.ts';

export const LIBRARY_SETTINGS: Record<'settings' | 'identity_settings', InputRow[]> = {
  settings: [
    {
      ...SETTINGS,
      conversion_owner: 'company',
      session_timeout_minutes: 30,
      session_splits_on_source: true,
      baseline_from: null,
      first_date: null,
    },
  ],
  identity_settings: [
    { key_id: 'test', default_country: null, most_identities: 10, most_devices: 100, joins_mailbox_aliases: false },
  ],
};
