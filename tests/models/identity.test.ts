import { describe, expect, test } from 'vitest';

import { createWorld, worldEnd } from '../../fixtures/world/index.ts';
import type { CompiledProject } from '../../src/model/index.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';
import { identityFeeds } from './identity-of-world.ts';
import { scoreIdentities } from './identity-score.ts';
const world = createWorld({ scale: 0.15, months: 6 });
const now = worldEnd(world);

describe.each(engines)('%s', (engine) => {
  test('The people of the simulated company are found: pairs of identifiers, and whose each event is.', async () => {
    const compiled = await shippedLibrary(engine);
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await installFunctions(warehouse, compiled);
      const library = await buildLibrary(
        warehouse,
        only(compiled, ['identifiers', 'event_people']),
        'world',
        identityFeeds(world, now),
      );
      expect(await library.failures()).toEqual([]);
      const score = scoreIdentities(world, now, {
        identifiers: await library.rows('identifiers'),
        emailKeys: await library.rows('email_keys'),
        phoneKeys: await library.rows('phone_keys'),
        eventPeople: await library.rows('event_people'),
      });
      expect(score.pairsTellable).toBeGreaterThan(300);
      // for whoever looks for what a failure is about
      expect.soft(score.eventRecall, JSON.stringify(score)).toBeGreaterThan(0.7);
      expect(score.precision).toBeGreaterThanOrEqual(0.99);
      expect(score.recall).toBeGreaterThanOrEqual(0.95);
      expect(score.wrongMerges).toBe(0);
      expect(score.eventPrecision).toBeGreaterThanOrEqual(0.99);
    } finally {
      await dispose();
    }
  });
});

// --- internal ---

/** The relations named, and what they read. */
function only(compiled: CompiledProject, names: readonly string[]): CompiledProject {
  const wanted = new Set<string>();
  const visit = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    const relation = compiled.byName.get(name);
    relation?.parents.forEach(visit);
    relation?.tests.forEach(({ reads }) => reads.forEach(visit));
  };
  names.forEach(visit);
  return { ...compiled, relations: compiled.relations.filter(({ name }) => wanted.has(name)) };
}
