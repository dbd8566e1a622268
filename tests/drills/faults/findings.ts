/** What `revops check` finds, and whether numbers say so. */
import type { FaultProject } from './project.ts';

export interface Found {
  check: string;
  subject: string;
  day: string | null;
  severity: 'error' | 'investigate' | 'warning';
  detail: string;
  gates: string | null;
}

/** All findings of the last build. */
export async function findingsOf(project: FaultProject): Promise<Found[]> {
  const { stdout, stderr } = await project.revops(['check', '--json']);
  if (stdout === '') throw new Error(`revops check: ${stderr}`);
  return (JSON.parse(stdout) as { findings: Found[] }).findings;
}

/** What was found here and not there: the same subject with the same severity is the same. */
export function newFindings(found: readonly Found[], before: readonly Found[]): Found[] {
  const known = new Set(before.map(keyOf));
  return found.filter((finding) => !known.has(keyOf(finding)));
}

/** Where `revops cac` says that its numbers are not to be trusted; of CSV in every line. */
export interface Stamped {
  table: boolean;
  json: boolean;
  csv: boolean;
}

export async function isStamped(project: FaultProject): Promise<Stamped> {
  const table = await project.revops(['cac']);
  const json = await project.revops(['cac', '--json']);
  const csv = await project.revops(['cac', '--csv']);
  const [head = '', ...lines] = csv.stdout.trimEnd().split('\n');
  const place = head.split(',').indexOf('trust');
  // 5: they are also stale, as where a source is dead
  if (json.code !== 0 && json.code !== 5) throw new Error(`revops cac: ${json.stderr}${json.stdout}`);
  return {
    table: table.stdout.startsWith('UNTRUSTED'),
    json: (JSON.parse(json.stdout) as { trust?: string }).trust === 'untrusted',
    csv: lines.length > 0 && lines.every((line) => line.split(',').at(place - head.split(',').length) === 'untrusted'),
  };
}

/** What tells a finding from others: a count is judged for each day anew, all else is the same as long as it stays. */
export function keyOf({ check, subject, severity, day }: Found): string {
  return [check, subject, severity, check === 'volume_drop' ? day : ''].join('\u0000');
}
