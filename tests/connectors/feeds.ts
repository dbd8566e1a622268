import { join } from 'node:path';

import type { FeedContract } from '../../src/connector/index.ts';
import { readFeeds } from '../../src/model/index.ts';

const root = join(import.meta.dirname, '../..');

/** The packaged feeds. */
export const FEEDS: readonly FeedContract[] = await readFeeds([
  { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') },
]);
