/**
 * What the warehouse suite is given to work on.
 */
import type { Warehouse } from '../warehouse/contract.ts';

export interface OpenedWarehouse {
  warehouse: Warehouse;
  /** A second one on the same database, as another process would open it. */
  another: () => Promise<Warehouse>;
  dispose: () => Promise<void>;
}

/** Gives a case a warehouse of its own. */
export type WithWarehouse = (work: (opened: OpenedWarehouse) => Promise<void>) => () => Promise<void>;
