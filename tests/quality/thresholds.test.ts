/**
 * That the unit cases of every check stand at its thresholds: one finds something, and one has a thing just inside, which
 * a check that is a hair stricter would find.
 */
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CompiledProject } from '../../src/model/index.ts';
import type { InputRow } from '../../src/model/contract.ts';
import { openMemory, readCases, type CaseWarehouse, type UnitCase } from '../../src/model/unit/index.ts';
import { givenOf } from '../../src/model/unit/given.ts';
import { modelRows } from '../../src/model/unit/one-load.ts';
import type { ModelRelation } from '../../src/model/relation.ts';
import { shippedLibrary } from '../support/shipped.ts';

/** A threshold that the config sets: the next stricter value, and one under which nothing of the kind is found. */
interface Setting {
  name: string;
  stricter: number;
  laxer: number;
}

/** A part of the check's SQL and what would be a hair stricter; it may not be longer. */
type Written = readonly [from: string, to: string];

const CHECKS: Record<string, { settings?: readonly Setting[]; written?: readonly Written[] }> = {
  attribution_gap: {
    settings: [{ name: 'most_unattributed', stricter: 0.499, laxer: 1 }],
    written: [['weeks.conversions >= 10', 'weeks.conversions >= 9']],
  },
  crm_source_mismatch: {
    settings: [{ name: 'most_mismatched', stricter: 0.299, laxer: 1 }],
    written: [['counted.contacts >= 20', 'counted.contacts >= 19']],
  },
  currency: {
    written: [
      ['and spend <> 0', ''],
      ['where amount is not null', 'where 1=1'],
    ],
  },
  definition_age: {
    settings: [
      { name: 'definition_warning_days', stricter: 179, laxer: 9999 },
      { name: 'definition_error_days', stricter: 539, laxer: 9999 },
    ],
  },
  definition_conflicts: { written: [["'stage ' || stages.stage_name", "'stage ' || stages.stage_id"]] },
  duplicates: {
    settings: [{ name: 'most_duplicates', stricter: 0.099, laxer: 1 }],
    written: [['counted.contacts >= 20', 'counted.contacts >= 19']],
  },
  email_capture: {
    settings: [{ name: 'least_emails', stricter: 0.801, laxer: 0 }],
    written: [['counted.records >= 20', 'counted.records >= 19']],
  },
  freshness: {
    settings: [{ name: 'freshness_hours', stricter: 25.9, laxer: 999 }],
    written: [
      ['behind.hours_behind > behind.sla_hours', 'behind.hours_behind >=behind.sla_hours'],
      ['silent.days = 28', 'silent.days > 26'],
      ['last_day >= 2', 'last_day >= 1'],
      ['last_day < 30', 'last_day < 31'],
    ],
  },
  gaps: {
    written: [
      ['having count(*) >= 5', 'having count(*) >= 4'],
      ['and holidays.holiday is null', ''],
      ['clock.today - 30', 'clock.today - 31'],
      ['and source_coverage.connector is null', ''],
    ],
  },
  granularity: { written: [["source_grain <> 'day'", "source_grain <> ''"]] },
  holdout_contamination: { settings: [{ name: 'most_contaminated', stricter: 0.049, laxer: 1 }] },
  holdout_exclusion: { written: [['> clock.today)', '>=clock.today)']] },
  identity_coverage: {
    settings: [{ name: 'least_identified', stricter: 0.701, laxer: 0 }],
    written: [['shares.conversions >= 20', 'shares.conversions >= 19']],
  },
  orphans: {
    settings: [{ name: 'most_orphans', stricter: 0.199, laxer: 1 }],
    written: [['counted.facts >= 20', 'counted.facts >= 19']],
  },
  overclaim: { written: [["in ('overclaimed', 'underclaimed')", "in ('overclaimed', 'ok')"]] },
  refunds: {
    settings: [{ name: 'most_refunded', stricter: 0.099, laxer: 1 }],
    written: [['counted.paid >= 20', 'counted.paid >= 19']],
  },
  rejected_events: { settings: [{ name: 'most_rejected', stricter: 0.072, laxer: 1 }] },
  restated_spend: { settings: [{ name: 'most_restated', stricter: 0.0099, laxer: 2 }] },
  shared_addresses: { settings: [{ name: 'most_givers', stricter: 9, laxer: 99 }] },
  single_system: {
    written: [
      ['2 * platform_reconciliation.unmatched_claims > ', '2 * platform_reconciliation.unmatched_claims >='],
      ['unmatched_claims >= 5', 'unmatched_claims >= 4'],
    ],
  },
  spend_mapping: { settings: [{ name: 'most_unmapped', stricter: 0.0499, laxer: 1 }] },
  stage_enforcement: {
    settings: [{ name: 'most_irregular', stricter: 0.099, laxer: 1 }],
    written: [['irregular.deals >= 10', 'irregular.deals >= 9']],
  },
  timestamp_drift: {
    settings: [{ name: 'drift_hours', stricter: 71.9, laxer: 9999 }],
    written: [
      ['100 * delays.late_records > ', '100 * delays.late_records >='],
      ['2 * midnight_records > ', '2 * midnight_records >='],
      ['20 * off_records > ', '20 * off_records >='],
      ['20 * ahead_records > ', '20 * ahead_records >='],
    ],
  },
  timezone: { written: [['spend_daily.account_time_zone <> ', 'spend_daily.account_time_zone >=']] },
  touchpoint_coverage: {
    settings: [
      { name: 'volume_change', stricter: 0.198, laxer: 1 },
      { name: 'most_vanished', stricter: 0.096, laxer: 1 },
    ],
    written: [['compared.expected >= 10', 'compared.expected >= 9']],
  },
  traceability: {
    settings: [{ name: 'least_identified', stricter: 0.701, laxer: 0 }],
    written: [['revenue_sources.conversions >= 10', 'revenue_sources.conversions >= 9']],
  },
  tracking_plan: { written: [["priority = 'critical' and", '']] },
  unlinked_clicks: {
    settings: [{ name: 'least_linked', stricter: 0.252, laxer: 0 }],
    written: [
      ['2 * shares.most_known < ', '1.96*shares.most_known <'],
      ['clock.today - 90', 'clock.today - 91'],
    ],
  },
  utm: {
    settings: [
      { name: 'least_touches', stricter: 4, laxer: 99 },
      { name: 'untouched_clicks', stricter: 99, laxer: 999 },
    ],
  },
  volume_drop: {
    settings: [{ name: 'volume_change', stricter: 0.198, laxer: 1 }],
    written: [
      ['having count(*) >= 4', 'having count(*) >= 3'],
      ['where holidays.holiday is null', 'where true'],
      ['expected >= 5', 'expected >= 4'],
      ['clock.today - 90', 'clock.today - 91'],
      ['last_day - 7', 'last_day - 8'],
    ],
  },
  window_covers_p90: {
    written: [
      ['cycle_lengths.p90_days > ', 'cycle_lengths.p90_days >='],
      ['cycle_lengths.conversions >= 20', 'cycle_lengths.conversions >= 19'],
    ],
  },
};

describe('the cases of each check', () => {
  let compiled: CompiledProject;
  let opened: CaseWarehouse;
  const cases = new Map<string, UnitCase[]>();

  beforeAll(async () => {
    compiled = await shippedLibrary();
    opened = await openMemory();
    await opened.install(compiled);
    const all = await readCases([{ origin: 'revops', folder: join(import.meta.dirname, '../../fixtures/cases') }]);
    for (const unit of all) cases.set(unit.model, [...(cases.get(unit.model) ?? []), unit]);
  });
  afterAll(() => opened.close());

  it('are of all checks that there are', () => {
    const checks = compiled.relations.filter((one) => one.kind === 'model' && one.schema === 'quality');
    expect(Object.keys(CHECKS)).toEqual(checks.map(({ name }) => name).toSorted());
  });

  it('are of checks that say by which command the rows behind a finding are seen, of relations that there are', () => {
    for (const name of Object.keys(CHECKS)) {
      const { remedy = '' } = (compiled.byName.get(name) as ModelRelation).model.check ?? {};
      expect(remedy, name).toMatch(/`revops (query|reconcile|tracking)/);
      for (const [, sql = ''] of remedy.matchAll(/revops query "([^"]*)"/g))
        for (const [, relation = ''] of sql.matchAll(/ from (\w+)/g))
          expect(compiled.byName.has(relation), `${name}: ${relation}`).toBe(true);
    }
  });

  it.each(Object.entries(CHECKS))('%s find something, and have something just inside', async (name, edges) => {
    const model = compiled.byName.get(name) as ModelRelation;
    const own = cases.get(name) ?? [];
    const found = new Map<UnitCase, Set<string>>();
    for (const unit of own) found.set(unit, await findingsOf(opened, compiled, model, unit));
    expect([...found.values()].some(({ size }) => size > 0)).toBe(true);
    /** Whether a case has more findings, or fewer, under other thresholds. */
    const finds = async (which: 'more' | 'fewer', settings: InputRow, written?: Written): Promise<boolean> => {
      for (const unit of own) {
        const now = await findingsOf(opened, compiled, rewritten(model, written), withSettings(unit, settings));
        const before = found.get(unit) ?? new Set();
        if ((which === 'more' ? now.difference(before) : before.difference(now)).size > 0) return true;
      }
      return false;
    };
    const silent: string[] = [];
    for (const { name: setting, stricter, laxer } of edges.settings ?? []) {
      if (!(await finds('more', { [setting]: stricter }))) silent.push(`${setting} ${stricter}`);
      if (!(await finds('fewer', { [setting]: laxer }))) silent.push(`${setting} ${laxer}`);
    }
    for (const written of edges.written ?? [])
      if (!(await finds('more', {}, written))) silent.push(`${written[0]} → ${written[1]}`);
    expect(silent).toEqual([]);
  });
});

// --- internal ---

/** Subject, severity and day of what the model finds in a case. */
async function findingsOf(
  { warehouse }: CaseWarehouse,
  compiled: CompiledProject,
  model: ModelRelation,
  unit: UnitCase,
): Promise<Set<string>> {
  const given = givenOf(compiled, { model, shown: model }, unit)[0] ?? new Map();
  const rows = await modelRows(warehouse, compiled, model, given);
  return new Set(rows.map(({ subject, severity, day }) => [subject, severity, day].join('\u0000')));
}

/** The case under other thresholds, its own ones too. */
function withSettings(unit: UnitCase, changed: InputRow): UnitCase {
  const standard = { ...unit.standard, check_settings: { ...unit.standard['check_settings'], ...changed } };
  const steps = unit.steps.map((step) => {
    const { check_settings: own, ...given } = step.given;
    if (own === undefined) return step;
    const rows = own.rows.map((row) => ({ ...row, values: { ...row.values, ...changed } }));
    return { ...step, given: { ...given, check_settings: { ...own, rows } } };
  });
  return { ...unit, standard, steps };
}

/** The model with another condition; of the same length, as calls are known by where they stand. */
function rewritten(model: ModelRelation, written: Written | undefined): ModelRelation {
  if (written === undefined) return model;
  const [from, to] = written;
  const { sql } = model.model;
  if (!sql.includes(from) || to.length > from.length) throw new Error(`${model.name}: no place for ${from} → ${to}`);
  return { ...model, model: { ...model.model, sql: sql.replaceAll(from, to.padEnd(from.length)) } };
}
