/**
 * The text of dates and timestamps as results carry them, for both engines.
 */

/** `YYYY-MM-DDTHH:MM:SS.ffffff` of microseconds since 1970, without zone. */
export function timestampText(micros: bigint): string {
  const milliseconds = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const fraction = micros - milliseconds * 1000n;
  return isoText(Number(milliseconds)) + String(fraction).padStart(3, '0');
}

/** `YYYY-MM-DD` of days since 1970. */
export function dateText(days: number): string {
  return isoText(days * 86_400_000).slice(0, -13);
}

// --- internal ---

function isoText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, -1);
}
