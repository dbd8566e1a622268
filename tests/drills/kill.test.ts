import { describe, expect, it } from 'vitest';

import { openCompany } from '../support/company.ts';
import { enginesOrOne, testPostgresUrl } from '../support/warehouses.ts';
import { type Course, FIRST_DAY, prepareCourses } from './drill.ts';

/**
 * Where runs die: in loads of the CRM, which has cursors to lose rows by. What syncs and builds do when killed is tested
 * on both engines elsewhere; `npm run drill:kill` tries all boundaries of whole runs.
 */
const DEATHS: [Course['name'], string][] = [
  ['first run', 'sync: state_written hubspot.contacts'],
  ['next day', 'sync: load_committed hubspot.deals'],
];

for (const engine of enginesOrOne('duckdb')) {
  describe(`a run of the shipped project killed on ${engine}`, () => {
    it('leaves what an undisturbed one leaves, once it is run again', async () => {
      const company = await openCompany({ months: 2, now: FIRST_DAY });
      const { courses, dispose } = await prepareCourses(
        company,
        engine,
        await testPostgresUrl(),
        '+deals +spend_daily',
      );
      try {
        for (const [name, step] of DEATHS) {
          const course = courses.find((other) => other.name === name) as Course;
          expect(await course.kill({ step, passes: 0 }), `${name}, ${step}`).toEqual({ wasKilled: true, wrong: [] });
        }
      } finally {
        await dispose();
        await company.close();
      }
    }, 600_000);
  });
}
