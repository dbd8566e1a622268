import { describe, expect, it } from 'vitest';

import { warehouseSuite } from '../../src/testing/index.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

for (const engine of engines) {
  warehouseSuite({ describe, it, expect }, engine, async () => {
    const { warehouse, config, dispose } = await openTestWarehouse(engine);
    return { warehouse, dispose, another: () => openWarehouse(config) };
  });
}
