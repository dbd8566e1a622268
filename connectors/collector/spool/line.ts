/**
 * A line of a segment: a checksum of eight hexadecimal digits, a blank, JSON. A line that was cut off or damaged is
 * noticed and never hides the ones behind it.
 */
import { crc32 } from 'node:zlib';

/** What was accepted: a row of its stream, or what was refused with the reason. */
export interface Entry {
  record: Record<string, unknown>;
  rejected?: string;
}

/** The line, with its line feed. */
export function writtenLine(entry: Entry): Buffer {
  const json = Buffer.from(JSON.stringify(entry));
  return Buffer.concat([Buffer.from(`${checksum(json)} `), json, LINE_FEED]);
}

/** The entry of a line without its line feed; null where it is not what was written. */
export function readLine(line: Buffer): Entry | null {
  const json = line.subarray(CHECKSUM + 1);
  if (line.toString('latin1', 0, CHECKSUM + 1) !== `${checksum(json)} `) return null;
  return JSON.parse(json.toString('utf8')) as Entry;
}

// --- internal ---

const CHECKSUM = 8;
const LINE_FEED = Buffer.from('\n');

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM, '0');
}
