/**
 * `npm run drill:readers -- [--builds 50] [--readers 8]`: readers in a loop against Postgres through builds that change
 * tables in place and make others anew. Ends with 1 on an error or a mixed state.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import { Secret } from '../../src/secret.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { buildUnderReaders, READ_FILES } from '../model/reading.ts';

const { values } = parseArgs({
  options: { builds: { type: 'string', default: '50' }, readers: { type: 'string', default: '8' } },
});
const builds = Number(values.builds);
const folder = mkdtempSync(join(tmpdir(), 'revops-drill-readers-'));
for (const [path, text] of Object.entries(READ_FILES)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const postgres = await startEmbeddedPostgres(mkdtempSync(join(tmpdir(), 'revops-drill-postgres-')));
const config = { type: 'postgres', url: new Secret(postgres.url, 'drill'), poolSize: 4 } as const;
const warehouse = await openWarehouse(config);
try {
  const began = performance.now();
  const place = { models: join(folder, 'models'), sql: join(folder, 'sql') };
  const seen = await buildUnderReaders(warehouse, config, place, { builds, readers: Number(values.readers) });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${builds} builds in ${seconds} s (${seen.inPlace} changed a table in place), ${seen.answers} answers, ${seen.versions.size} versions seen, ${seen.mixed.length} mixed; longest build ${(seen.longest / 1000).toFixed(1)} s`,
  );
  for (const answer of seen.mixed.slice(0, 5)) console.log(answer);
  if (seen.mixed.length > 0 || seen.versions.size < builds / 2) process.exitCode = 1;
} finally {
  await warehouse.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
