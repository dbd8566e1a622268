/**
 * What every warehouse engine must do. Each engine runs this suite; only what is its own is tested beside it.
 */
import type { OpenedWarehouse, WithWarehouse } from './opened-warehouse.ts';
import { leaseCases } from './warehouse-lease.ts';
import { loadCases } from './warehouse-load.ts';
import { publishCases } from './warehouse-publish.ts';
import { statementCases } from './warehouse-statements.ts';
import type { TestRunner } from './test-runner.ts';

/** Registers the suite: `warehouseSuite({ describe, it, expect }, 'duckdb', open)`; `open` gives a fresh, empty warehouse. */
export function warehouseSuite(runner: TestRunner, name: string, open: () => Promise<OpenedWarehouse>): void {
  const cases: WithWarehouse = (work) => async () => {
    const opened = await open();
    try {
      await work(opened);
    } finally {
      await opened.dispose();
    }
  };
  runner.describe(`the warehouse ${name}`, () => {
    statementCases(runner, cases);
    loadCases(runner, cases);
    publishCases(runner, cases);
    leaseCases(runner, cases);
  });
}
