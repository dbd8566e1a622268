import { describe, expect, it } from 'vitest';

import { whileHeld } from '../../src/cli/session.ts';
import { RevopsError } from '../../src/errors.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

describe.each(engines)('a lost lease on %s', (engine) => {
  it('lets nothing more be committed', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      let isHeld = true;
      const held = whileHeld(warehouse, {
        assertHeld: () => {
          if (!isHeld) throw new RevopsError('LEASE_LOST', 'lost');
        },
      });
      await held.transaction((session) => session.execute('create table kept (n integer)'));
      const insert = (n: number): Promise<number> =>
        held.transaction((session) => session.execute(`insert into kept values (${n})`));
      await insert(1);
      isHeld = false;
      await expect(insert(2)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await warehouse.query('select n from kept')).toEqual([{ n: 1 }]);
    } finally {
      await dispose();
    }
  });
});
