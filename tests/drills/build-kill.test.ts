import { expect, it } from 'vitest';

import { engines, testPostgresUrl } from '../support/warehouses.ts';
import { prepareBuildDrill } from './build-drill.ts';

it.each(engines)(
  'On %s a build with ledger and components, killed, leaves old or new, and the next build ends where an undisturbed one does',
  async (engine) => {
    const { statements, published, kill, dispose } = await prepareBuildDrill(engine, await testPostgresUrl());
    try {
      const rolledBack = statements.lastIndexOf('commit');
      expect([statements[published], rolledBack]).toEqual(['commit', statements.indexOf('rolled back') - 1]);
      // `npm run drill:kill -- --course build` tries every statement
      for (const at of [Math.floor(published / 2), published, rolledBack])
        expect(await kill(at), statements[at]).toEqual({ wasKilled: true, wrong: [] });
    } finally {
      await dispose();
    }
  },
  600_000,
);
