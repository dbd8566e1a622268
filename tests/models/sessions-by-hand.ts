/** Sessions worked out the plain way: one event after the other. */
import type { Row } from '../../src/warehouse/types.ts';

export interface SmallEvent {
  id: string;
  device: string;
  minute: number;
  second: number;
  source: string | null;
  campaign: string | null;
  gclid: string | null;
}

/** `session_id`, `anonymous_id`, `events` and `click_id` of each session. Events of a moment are in the order of their ids' bytes. */
export function sessionsOf(events: readonly SmallEvent[], timeoutMinutes: number): Row[] {
  return [...Map.groupBy(events, ({ device }) => device).values()].flatMap((own) =>
    sessionsOfDevice(own, timeoutMinutes),
  );
}

// --- internal ---

function sessionsOfDevice(events: readonly SmallEvent[], timeoutMinutes: number): Row[] {
  const sessions: { first: SmallEvent; last: SmallEvent; events: number }[] = [];
  for (const event of events.toSorted(
    (left, right) => secondsOf(left) - secondsOf(right) || (left.id < right.id ? -1 : 1),
  )) {
    const current = sessions.at(-1);
    if (current === undefined || isPause(current.last, event, timeoutMinutes) || isOther(current.first, event)) {
      sessions.push({ first: event, last: event, events: 1 });
    } else {
      current.last = event;
      current.events += 1;
    }
  }
  return sessions.map(({ first, events: count }) => ({
    session_id: first.id,
    anonymous_id: first.device,
    events: count,
    click_id: first.gclid,
  }));
}

function isPause(before: SmallEvent, event: SmallEvent, timeoutMinutes: number): boolean {
  return secondsOf(event) - secondsOf(before) > timeoutMinutes * 60;
}

function isOther(first: SmallEvent, event: SmallEvent): boolean {
  if (event.gclid === null && event.source === null) return false;
  return originOf(event) !== originOf(first) || (event.gclid !== null && event.gclid !== first.gclid);
}

/** A click of this platform is google / cpc, whatever the link says. */
function originOf({ source, campaign, gclid }: SmallEvent): string {
  const isDirect = gclid === null && source === null;
  return isDirect ? '(direct)' : `${gclid === null ? `${source} m` : 'google cpc'} ${campaign?.toLowerCase() ?? ''}`;
}

function secondsOf({ minute, second }: SmallEvent): number {
  return minute * 60 + second;
}
