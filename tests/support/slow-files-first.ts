/**
 * The order of test files: those that take longest first, so that no worker is left with one of them in the end. Vitest
 * goes by size where it knows no times, and the slowest files are short.
 */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

import { BaseSequencer, type TestSpecification } from 'vitest/node';

export class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const gone = SLOW_FILES.filter((file) => !existsSync(join(root, file)));
    if (gone.length > 0) throw new Error(`${import.meta.filename} names files that are not there: ${gone.join(', ')}`);
    // oxlint-disable-next-line unicorn/no-array-sort -- it sorts no array
    const others = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const known = SLOW_FILES.indexOf(relative(root, moduleId).replaceAll('\\', '/'));
      return known === -1 ? SLOW_FILES.length : known;
    };
    return others.toSorted((left, right) => place(left) - place(right));
  }
}

// --- internal ---

/** By the time they take. */
const SLOW_FILES = [
  'tests/cli/commands.test.ts',
  'tests/parity/engines.test.ts',
  'tests/models/incremental.test.ts',
  'tests/cli/demo.test.ts',
  'tests/models/cases.test.ts',
  'tests/fixtures/demo/all-sources.test.ts',
  'tests/cli/init-templates.test.ts',
  'tests/model/build/build.test.ts',
  'tests/drills/kill.test.ts',
  'tests/drills/soak.test.ts',
  'tests/cli/answers.test.ts',
  'tests/connectors/meta-ads/sync.test.ts',
  'tests/cli/lock.test.ts',
  'tests/model/build/incremental.test.ts',
  'tests/contract/ads-and-billing.test.ts',
  'tests/drills/build-kill.test.ts',
  'tests/models/library.test.ts',
  'tests/sync/kill.test.ts',
  'tests/contract/crm.test.ts',
  'tests/models/lineage.test.ts',
];
