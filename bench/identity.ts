/**
 * How well are people found? The shipped project on the simulated company, through files, sync and build; then every found
 * pair of identifiers, and every event, against who the company's people are.
 * `npm run measure:identity [-- --scale 1 --months 18 --seed 1 --engine duckdb]`
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createWorld, worldEnd } from '../fixtures/world/index.ts';
import { startEmbeddedPostgres } from '../fixtures/postgres.ts';
import { Secret } from '../src/secret.ts';
import { openWarehouse } from '../src/warehouse/index.ts';
import { identityFeeds } from '../tests/models/identity-of-world.ts';
import { scoreIdentities } from '../tests/models/identity-score.ts';
import { projectFolder, revopsProcess } from '../tests/support/cli.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    months: { type: 'string', default: '18' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'duckdb' },
  },
});
const world = createWorld({
  seed: Number(values.seed),
  scale: Number(values.scale),
  months: Number(values.months),
});
const now = worldEnd(world);
const isPostgres = values.engine === 'postgres';
const folder = projectFolder({
  'revops.config.ts': `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';

export default defineConfig({
  warehouse: ${isPostgres ? `{ type: 'postgres', url: env('DATABASE_URL') }` : `{ type: 'duckdb', path: 'warehouse.duckdb' }`},
  connectors: { files: files({ feeds: { contacts: 'contacts.jsonl', companies: 'companies.jsonl', events: 'events.jsonl' } }) },
  start: '${world.options.start}',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  identity: { secret: env('REVOPS_IDENTITY_SECRET'), defaultCountry: 'DE' },
});
`,
});
const server = isPostgres ? await startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-bench-postgres-'))) : null;
try {
  const feeds = identityFeeds(world, now);
  for (const name of ['contacts', 'companies', 'events']) {
    const rows = feeds[`${name}_feed`] ?? [];
    await writeFile(join(folder.folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    console.log(`${name}: ${rows.length.toLocaleString('en-US')} rows`);
  }
  const started = performance.now();
  const { code, stderr } = await revopsProcess(['run', '--quiet'], {
    cwd: folder.folder,
    env: {
      REVOPS_NOW: now,
      REVOPS_IDENTITY_SECRET: 'a secret of the measurement',
      ...(server === null ? {} : { DATABASE_URL: server.url }),
    },
  });
  if (code !== 0) throw new Error(stderr);
  console.log(`sync and build on ${values.engine}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  const warehouse = await openWarehouse(
    server === null
      ? { type: 'duckdb', path: join(folder.folder, 'warehouse.duckdb') }
      : { type: 'postgres', url: new Secret(server.url, 'bench') },
    { readOnly: true },
  );
  const score = scoreIdentities(world, now, {
    identifiers: await warehouse.query('select identifier, person_id from core.identifiers'),
    emailKeys: await warehouse.query('select email, identifier from core.email_keys'),
    phoneKeys: await warehouse.query('select phone, identifier from core.phone_keys'),
    eventPeople: await warehouse.query('select event_id, person_id from core.event_people'),
  });
  const nobodys = await warehouse.query<{ identifier_type: string; reason: string; identifiers: number }>(
    'select identifier_type, reason, count(*) as identifiers from core.identifiers where reason is not null group by 1, 2 order by 1, 2',
  );
  await warehouse.close();
  const share = (value: number): string => value.toFixed(4);
  console.log(`identifiers of known people   ${score.identifiers} of ${score.people} people`);
  console.log(
    `precision of pairs            ${share(score.precision)} (${score.pairsRight} of ${score.pairsFound}); wanted 0.99`,
  );
  console.log(`recall of pairs               ${share(score.recall)} of ${score.pairsTellable}; wanted 0.95`);
  console.log(`  with devices that nobody ever told who used them: ${share(score.recallOfAll)} of ${score.pairsTrue}`);
  console.log(`wrong merges                  ${score.wrongMerges}`);
  console.log(
    `events                        ${score.events}: precision ${share(score.eventPrecision)}, recall ${share(score.eventRecall)}`,
  );
  for (const { identifier_type: type, reason, identifiers } of nobodys)
    console.log(`nobody's: ${identifiers} ${type} (${reason})`);
  if (score.precision < 0.99 || score.recall < 0.95) process.exitCode = 1;
} finally {
  await server?.stop();
  folder.remove();
}
