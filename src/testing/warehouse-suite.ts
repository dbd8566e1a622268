/**
 * What every warehouse engine must do. Each engine runs this suite; only what is its own is tested beside it.
 */
import type { Warehouse } from '../warehouse/contract.ts';
import { leaseCases } from './warehouse-lease.ts';
import { loadCases } from './warehouse-load.ts';
import { publishCases } from './warehouse-publish.ts';
import { statementCases } from './warehouse-statements.ts';
import type { TestRunner } from './test-runner.ts';

export interface OpenedWarehouse {
  warehouse: Warehouse;
  /** A second one on the same database, as another process would open it. */
  another(): Promise<Warehouse>;
  dispose(): Promise<void>;
}

/** Registers the suite: `warehouseSuite({ describe, it, expect }, 'duckdb', open)`; `open` gives a fresh, empty warehouse. */
export function warehouseSuite(runner: TestRunner, name: string, open: () => Promise<OpenedWarehouse>): void {
  const given: TestRunner = { ...runner };
  const cases = (work: (opened: OpenedWarehouse) => Promise<void>) => async (): Promise<void> => {
    const opened = await open();
    try {
      await work(opened);
    } finally {
      await opened.dispose();
    }
  };
  runner.describe(`the warehouse ${name}`, () => {
    statementCases(given, cases);
    loadCases(given, cases);
    publishCases(given, cases);
    leaseCases(given, cases);
  });
}

/** Gives a case a warehouse of its own. */
export type WithWarehouse = (work: (opened: OpenedWarehouse) => Promise<void>) => () => Promise<void>;
