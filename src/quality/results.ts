/**
 * What checks found over time: a finding is open from the first build that has it to the first that has it no more.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { findingId, type Check, type Finding, type Severity } from './findings.ts';
import { layerOf, type LayerName } from './layer-names.ts';

/** Records the findings of a build. Under the lease. Gives those that are new. */
export async function recordFindings(
  warehouse: Warehouse,
  checks: readonly Check[],
  findings: readonly Finding[],
  build: { buildId: string; at: Date },
): Promise<Finding[]> {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const at = build.at.toISOString();
  return warehouse.transaction(async (session) => {
    const open = await openResults(session);
    const fresh: Finding[] = [];
    const found = new Set<string>();
    for (const finding of findings) {
      const id = findingId(finding, byName.get(finding.check));
      const key = keyOf(finding.check, id);
      // a check of one's own may find one subject twice; the graver one, which comes first, stands
      if (found.has(key)) continue;
      found.add(key);
      const { check, subject, day, severity, detail } = finding;
      const { gates = null } = byName.get(check) ?? {};
      const told = { subject, day, severity, detail, gates, layer: layerOf(check, checks), seen_at: at };
      if (open.has(key)) {
        await session.execute(...statement(openOne(check, id).update(told)));
      } else {
        fresh.push(finding);
        const row = { check_name: check, finding: id, ...told, opened_at: at, build_id: build.buildId };
        await session.execute(...statement(state('check_results').insert(row)));
      }
    }
    for (const [key, { check_name, finding }] of open) {
      if (found.has(key)) continue;
      await session.execute(...statement(openOne(check_name, finding).update({ closed_at: at })));
    }
    return fresh;
  });
}

/** An open finding, as the builds recorded it. */
export interface OpenFinding extends Pick<Finding, 'check' | 'subject' | 'severity' | 'detail'> {
  /** What numbers for budgets need of it; null where they do not. */
  gates: string | null;
  /** Null where it was recorded before layers were. */
  layer: LayerName | null;
}

/** All open findings; null in a warehouse without such records. */
export async function openFindings(session: Session): Promise<OpenFinding[] | null> {
  if ((await session.describe({ schema: 'revops', name: 'check_results' })) === null) return null;
  const rows = await session.query<{ [column: string]: string | null } & { check_name: string }>(
    ...statement(state('check_results').whereNull('closed_at').orderBy(['check_name', 'finding']).select()),
  );
  return rows.map(({ check_name: check, subject, severity, detail, gates, layer }) => ({
    check,
    subject: subject ?? '',
    severity: severity as Severity,
    detail: detail ?? '',
    gates: gates ?? null,
    layer: (layer as LayerName | null | undefined) ?? null,
  }));
}

/** Since when each open finding is known, ISO 8601, by check and finding. */
export async function openSince(session: Session): Promise<(check: string, finding: string) => string | null> {
  if ((await session.describe({ schema: 'revops', name: 'check_results' })) === null) return () => null;
  const open = await openResults(session);
  return (check, finding) => open.get(keyOf(check, finding))?.opened_at ?? null;
}

// --- internal ---

interface OpenResult {
  check_name: string;
  finding: string;
  opened_at: string;
}

async function openResults(session: Session): Promise<Map<string, OpenResult>> {
  const rows = await session.query<OpenResult>(
    ...statement(state('check_results').whereNull('closed_at').select('check_name', 'finding', 'opened_at')),
  );
  return new Map(rows.map((row) => [keyOf(row.check_name, row.finding), row]));
}

function openOne(check: string, finding: string): ReturnType<typeof state> {
  return state('check_results').where({ check_name: check, finding }).whereNull('closed_at');
}

function keyOf(check: string, finding: string): string {
  return `${check}\u0000${finding}`;
}
