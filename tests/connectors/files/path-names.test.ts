import { isAbsolute, relative, resolve } from 'node:path';

import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { isOutside } from '../../../connectors/files/path-names.ts';

const part = fc.constantFrom('..', '.', 'data', '*', '**', 'a b', '...', '..a', 'größe', "o'neil", '');

it('No relative path that leads out of the project is taken for one within, however it is written', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.constantFrom('/', '\\'), (parts, separator) => {
      const written = parts.join(separator);
      const place = relative('/project', resolve('/project', written.replaceAll('\\', '/')));
      const leadsOut = !isAbsolute(written.replaceAll('\\', '/')) && (place === '..' || place.startsWith('../'));
      if (leadsOut) expect(isOutside(written), written).toBe(true);
    }),
    { seed: 20_260_301, numRuns: 500 },
  );
  expect(['data/spend.csv', 'data/..a/*.csv', '/data/../x.csv'].map(isOutside)).toEqual([false, false, false]);
});
