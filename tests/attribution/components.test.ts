import { expect, it } from 'vitest';

import { attributionDefinition } from '../../src/attribution/definition.ts';
import { compileProject } from '../../src/model/compile/compile.ts';
import { model, projectOf } from '../model/project.ts';

const SETTINGS = {
  primaryModel: 'linear',
  lookbackDays: 90,
  positionBased: {},
  wShaped: {},
  halfLifeDays: 7,
  bookOn: 'conversion',
  conversionOwner: 'company',
  identity: {},
  sessions: { timeoutMinutes: 30, splitOnSource: true },
  timeZone: 'UTC',
  currency: 'EUR',
};
const DENIED =
  'denied_pairs:\n  description: Pairs.\n  grain: [one, other]\n  columns: { one: { description: O. }, other: { description: O. } }\n';

async function partsOf(edges: string, pairs: string): Promise<Record<string, string>> {
  const compiled = await compileProject(
    await projectOf({
      'models/reference/inputs.yml': DENIED,
      'models/reference/denied_pairs.csv': `one,other\n${pairs}`,
      'models/core/people.sql': model(
        ['one text', 'other text'],
        edges,
        'materialized: components\ncomponents: { nodes: [one, other], denied: denied_pairs }',
      ),
      'models/core/attribution_credits.sql': model(
        ['node text', 'component text'],
        'select node, component from people',
      ),
    }),
  );
  return attributionDefinition(compiled, SETTINGS).parts;
}

it('What links people is part of the lock; who somebody takes apart again is not', async () => {
  const before = await partsOf("select 'a' as one, 'b' as other", 'a,c\n');
  expect(await partsOf("select 'a' as one, 'b' as other", 'a,c\nb,c\n')).toEqual(before);
  // nor where a guard reads the list
  const guard = 'select one, other from denied_pairs';
  expect(await partsOf(guard, 'a,c\nb,c\n')).toEqual(await partsOf(guard, 'a,c\n'));
  const after = await partsOf("select 'a' as one, 'x' as other", 'a,c\n');
  const changed = Object.keys(after).filter((part) => after[part] !== before[part]);
  expect(changed).toEqual([expect.stringContaining('people_edges')]);
  expect(before['components people']).toBe('[["one","other"],null,"denied_pairs"]');
});
