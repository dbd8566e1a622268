import { describe, expect, it } from 'vitest';

import { openCompany } from '../support/company.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { engines, isWhole, testPostgresUrl } from '../support/warehouses.ts';
import { type Course, FIRST_DAY, prepareCourses } from './drill.ts';

/**
 * Where runs die: in loads of the CRM, which has cursors to lose rows by, and before a build is shown; in ordinary test
 * runs each on one of the engines. `npm run drill:kill` tries all boundaries.
 */
const DEATHS: [EngineName, Course['name'], string][] = [
  ['duckdb', 'first run', 'sync: state_written hubspot.contacts'],
  ['postgres', 'next day', 'sync: load_committed hubspot.deals'],
  ['duckdb', 'next day', 'build: before commit'],
];

for (const engine of engines) {
  describe(`a run of the shipped project killed on ${engine}`, () => {
    it('leaves what an undisturbed one leaves, once it is run again', async () => {
      const company = await openCompany({ months: 2, now: FIRST_DAY });
      const { courses, dispose } = await prepareCourses(company, engine, await testPostgresUrl());
      try {
        for (const [on, name, step] of DEATHS) {
          if (on !== engine && !isWhole) continue;
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
