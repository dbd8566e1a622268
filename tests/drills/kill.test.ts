import { describe, expect, it } from 'vitest';

import { openCompany } from '../support/company.ts';
import { engines, testPostgresUrl } from '../support/warehouses.ts';
import { type Course, FIRST_DAY, prepareCourses } from './drill.ts';

/**
 * Where runs die, and how often that boundary is passed before. The first is in a load of the CRM, which has a cursor to
 * lose rows by. `npm run drill:kill` tries them all.
 */
const DEATHS: [Course['name'], string, number][] = [
  ['first run', 'sync: state_written', 6],
  ['next day', 'sync: load_committed', 10],
  ['next day', 'build: before commit', 0],
];

for (const engine of engines) {
  describe(`a run of the shipped project killed on ${engine}`, () => {
    it('leaves what an undisturbed one leaves, once it is run again', async () => {
      const company = await openCompany({ months: 2, now: FIRST_DAY });
      const { courses, dispose } = await prepareCourses(company, engine, await testPostgresUrl());
      try {
        for (const [name, step, passes] of DEATHS) {
          const course = courses.find((other) => other.name === name) as Course;
          expect(await course.kill({ step, passes }), `${name}, ${step}`).toEqual({ wasKilled: true, wrong: [] });
        }
      } finally {
        await dispose();
        await company.close();
      }
    }, 600_000);
  });
}
