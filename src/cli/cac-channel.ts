/**
 * The channels that there are numbers of, and a channel as somebody typed it.
 */
import { RevopsError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import type { Session } from '../warehouse/contract.ts';

/** Every channel of the published marts. */
export async function channelsOf(session: Session): Promise<string[]> {
  const rows = await session.query<{ channel: string }>('select distinct channel from cac order by channel');
  return rows.map((row) => row.channel);
}

/** The channel's own spelling where it was typed in another case; else as typed. */
export async function channelNamed(session: Session, typed: string): Promise<string> {
  const channels = await channelsOf(session);
  if (channels.includes(typed)) return typed;
  const folded = typed.trim().toLowerCase();
  return channels.find((channel) => channel.toLowerCase() === folded) ?? typed;
}

/** USAGE where there is no such channel. */
export async function requireChannel(session: Session, channel: string): Promise<void> {
  const channels = await channelsOf(session);
  if (channels.includes(channel)) return;
  throw new RevopsError(
    'USAGE',
    `--channel: there is no channel ${JSON.stringify(channel)}${didYouMean(channel, channels)}`,
    { hint: `There are: ${channels.join(', ')}.` },
  );
}
