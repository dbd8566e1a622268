import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { renderConversion } from '../../src/cli/explain-conversion-report.ts';
import { conversionFacts } from '../../src/cli/explain-conversion-rows.ts';
import { conversionMeant } from '../../src/cli/known-conversion.ts';
import { Secret } from '../../src/secret.ts';
import type { Session, Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { projectFolder, revops, type Outcome, type ProjectFolder } from '../support/cli.ts';
import { makeDatabase } from '../support/project.ts';
import { reading } from '../support/reader.ts';
import { enginesOrOne } from '../support/warehouses.ts';
import { FILES, IDENTITY_SECRET, NOW } from './answers-project.ts';

describe.each(enginesOrOne('duckdb'))('answers on %s', (engine) => {
  let company: Awaited<ReturnType<typeof built>>;
  beforeAll(async () => {
    company = await built(engine);
  }, 300_000);
  afterAll(() => company.close());
  const read = <T>(work: (session: Session) => Promise<T>): Promise<T> => reading(company.warehouse, work);

  describe('explain conversion', () => {
    it('says what it is, what its time rests on, its people, and what every touchpoint got or why nothing', async () => {
      const facts = await read((session) => conversionFacts(session, 'customer:crm:10'));
      expect(facts.touchpoints.map(({ touchpoint_id: id, position, left_out: why }) => [id, position, why])).toEqual([
        ['web:site:e0', null, 'before the lookback'],
        ['web:site:e1', 1, null],
        ['web:site:e2', 2, null],
        ['web:site:e3', 3, null],
        ['web:site:e4', null, 'after the conversion'],
      ]);
      const [, first, second, third] = facts.touchpoints.map(({ credits }) => credits);
      expect(first).toMatchObject({
        first_touch: { credit: 1, amount_credit: '1200.000000' },
        linear: { credit: expect.closeTo(1 / 3, 12) },
      });
      expect(first?.['last_touch']).toBeUndefined();
      expect(second).toMatchObject({ position_based: { credit: 0.2, amount_credit: '240.000000' } });
      expect(third).toMatchObject({ last_touch: { credit: 1 }, last_non_direct: { credit: 1 } });
      expect(facts.records.map(({ what, occurred_at: at }) => [what, at.slice(0, 10)])).toEqual([
        ['deal created', '2025-10-10'],
        ['stage entered', '2025-10-10'],
        ['stage entered', '2025-10-20'],
        ['close date', '2025-10-31'],
      ]);
      const text = renderConversion(facts, 200);
      expect(text).toMatch(/^Conversion customer:crm:10\nwhat +new customer, €1,200, company c1$/m);
      expect(text).toMatch(/^when +2025-10-20 10:00, 2025-10-20 in Europe\/Berlin; by the history of stages$/m);
      expect(text).toMatch(/^recorded +2025-10-22 10:00, 2 days later$/m);
      expect(text).toMatch(/^credits +settled 2025-11-03 10:00, frozen 2026-01-10 06:00 under baseline [0-9a-f]{8}$/m);
      expect(text).toMatch(/web:site:e0 +nothing: before the lookback$/m);
      expect(text).toMatch(/web:site:e1 +33\.3 %, €400\.00$/m);
    });

    it('says that all credit is unattributed where its people have no touchpoint', async () => {
      const facts = await read((session) => conversionFacts(session, 'customer:crm:50'));
      const text = renderConversion(facts, 200);
      expect(text).toContain('No touchpoint is known: its people have none. All of its credit is (unattributed).');
      expect(text).toMatch(/^\(un\) +100 +100/m);
    });

    it('names the ids near by where there is none, and those it could mean; no address is repeated', async () => {
      const meant = (asked: string): Promise<string> => read((session) => conversionMeant(session, asked));
      expect(await meant('lead:crm:1')).toBe('lead:crm:1');
      expect(await meant('crm:40')).toBe('opportunity:crm:40');
      await expect(meant('customer:crm:11')).rejects.toMatchObject({
        code: 'USAGE',
        message: 'there is no conversion "customer:crm:11"',
        hint: expect.stringContaining('customer:crm:10, customer:crm:20'),
      });
      await expect(meant('10')).rejects.toMatchObject({
        code: 'USAGE',
        hint: 'Give one of: customer:crm:10, opportunity:crm:10.',
      });
      await expect(meant('anna@acme.io')).rejects.toMatchObject({ message: 'there is no conversion what was given' });
    });
  });

  it('the command line prints them, and ends with code 2 where an id is unknown', async () => {
    const { code, stdout, stderr } = await company.run('explain', 'conversion', 'customer:crm:20');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Conversion customer:crm:20\nwhat +new customer, \$2,000 = €1,600, company c2$/m);
    const unknown = await company.run('explain', 'conversion', 'customer:crm:21');
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('there is no conversion "customer:crm:21"');
  });
});

// --- internal ---

/** The company of `answers-project.ts`, locked, synced and built by the real command line, open for reading. */
async function built(engine: EngineName): Promise<{
  project: ProjectFolder;
  warehouse: Warehouse;
  run(...words: string[]): Promise<Outcome>;
  close(): Promise<void>;
}> {
  const project = projectFolder(FILES);
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const env = {
    REVOPS_NOW: NOW,
    REVOPS_IDENTITY_SECRET: IDENTITY_SECRET,
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
  };
  const run = (...words: string[]): Promise<Outcome> => revops(words, { cwd: project.folder, env });
  for (const words of [
    ['lock', 'create'],
    ['run', '--quiet'],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { code, stderr } = await run(...words);
    expect(code, stderr).toBe(0);
  }
  const warehouse = await openWarehouse(
    database === undefined
      ? { type: 'duckdb', path: join(project.folder, 'warehouse.duckdb') }
      : { type: 'postgres', url: new Secret(database.url, 'test'), poolSize: 2 },
    { readOnly: true },
  );
  return {
    project,
    warehouse,
    run,
    close: async () => {
      await warehouse.close();
      project.remove();
      await database?.drop();
    },
  };
}
