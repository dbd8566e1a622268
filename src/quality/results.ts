/**
 * What checks found over time: a finding is open from the first build that has it to the first that has it no more.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { readCheckedBuild } from './checked-build.ts';
import { builtChecks, findingId, readFindings, type Finding, type KnownCheck } from './findings.ts';
import { layerOf } from './layer-names.ts';

/**
 * Records what the checks that are shown find: after a build, and after one was taken back. Under the lease. Gives those
 * that are new. `known`: as in `judge`.
 */
export async function recordShown(warehouse: Warehouse, known: readonly KnownCheck[], at: Date): Promise<Finding[]> {
  const build = await readCheckedBuild(warehouse);
  const checks = await builtChecks(warehouse, build?.checks ?? known);
  const findings = await readFindings(warehouse, checks);
  return recordFindings(warehouse, checks, findings, { buildId: build?.mixedBy?.buildId ?? build?.buildId ?? '', at });
}

/** Since when each open finding is known, ISO 8601, by check and finding. */
export async function openSince(session: Session): Promise<(check: string, finding: string) => string | null> {
  if ((await session.describe({ schema: 'revops', name: 'check_results' })) === null) return () => null;
  const open = await openResults(session);
  return (check, finding) => open.get(keyOf(check, finding))?.opened_at ?? null;
}

// --- internal ---

/** Records findings. Under the lease. Gives those that are new. */
async function recordFindings(
  warehouse: Warehouse,
  checks: readonly KnownCheck[],
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
