/**
 * The declared holdouts as the relations models read: `holdouts` and `holdout_channels`.
 */
import type { InputRow } from '../model/contract.ts';
import type { Holdouts } from './holdouts-schema.ts';

/** Rows by relation; none where the config has no holdouts: then the project's own lists hold. */
export function holdoutRows(holdouts: Holdouts): Record<string, InputRow[]> {
  if (holdouts.length === 0) return {};
  return {
    holdouts: holdouts.map(({ name, salt = name, share, from, to = null }) => ({
      experiment: name,
      salt,
      control_share: share.toFixed(6),
      from_date: from,
      to_date: to,
    })),
    holdout_channels: holdouts.flatMap(({ name, channels = [] }) =>
      [...new Set(channels)].map((channel) => ({ experiment: name, channel })),
    ),
  };
}
