import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Secret } from '../../src/secret.ts';
import { identityVariables } from '../../src/warehouse/identity-secret.ts';
import { type ProjectFolder, projectFolder, revops, type Outcome } from '../support/cli.ts';

/** In the environment, and so nowhere else. */
const SECRET = 'canary7f3a-identity-secret';

/** What the command reads. */
const MODELS = ['+people', 'identity_merges'];

let project: ProjectFolder;
const run = (...words: string[]): Promise<Outcome> =>
  revops(words, { cwd: project.folder, env: { REVOPS_NOW: '2026-03-01T06:00:00Z', REVOPS_IDENTITY_SECRET: SECRET } });

beforeAll(async () => {
  project = projectFolder({
    'revops.config.ts': `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: { files: files({ feeds: { contacts: 'contacts.csv', events: 'events.csv' } }) },
  start: '2026-01-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  identity: { secret: env('REVOPS_IDENTITY_SECRET'), defaultCountry: 'DE' },
});
`,
    'contacts.csv': `source,contact_id,email,phone,created_at
crm,1,Anna@acme.io,030 23125 000,2026-01-05T10:00:00Z
crm,2,anna@ACME.io,,2026-01-20T10:00:00Z
crm,3,bob@acme.io,,2026-01-06T10:00:00Z
`,
    'events.csv': `source,event_id,event_name,occurred_at,anonymous_id,user_id,email
site,1,page_view,2026-01-04T09:00:00Z,mobile,,
site,2,form_submit,2026-01-05T09:59:00Z,mobile,,anna@acme.io
site,3,login,2026-01-07T09:00:00Z,desktop,u1,anna@acme.io
site,4,form_submit,2026-01-08T09:00:00Z,office,,anna@acme.io
site,5,form_submit,2026-01-08T10:00:00Z,office,,bob@acme.io
`,
  });
  const synced = await run('sync', '--quiet');
  expect(synced.code, synced.stderr).toBe(0);
  const built = await run('build', ...MODELS, '--quiet');
  expect(built.code, built.stderr).toBe(0);
}, 300_000);
afterAll(() => project.remove());

it('A person is every identifier, what joined them, what did not and why', async () => {
  const { code, stdout, stderr } = await run('explain', 'person', '1');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Person device:mobile\n/);
  expect(stdout).toMatch(/contact:crm:2\s+2026-01-20 10:00/);
  expect(stdout).toMatch(/device:desktop\s+email:[0-9a-f]{12}…\s+event site:3/);
  expect(stdout).toMatch(/device:office\s+several people/);
  const { stdout: json } = await run('explain', 'person', 'Anna@ACME.io', '--json');
  const facts = JSON.parse(json) as {
    person_id: string;
    identifiers: { identifier: string }[];
    joined_by: { identifier: string; other_identifier: string; evidence: string; evidence_id: string }[];
    not_joined: { other_identifier: string; reason: string }[];
  };
  expect(facts.person_id).toBe('device:mobile');
  const types = facts.identifiers.map(({ identifier }) => identifier.replace(/:[0-9a-f]{64}$/, ':…')).toSorted();
  expect(types).toEqual([
    'contact:crm:1',
    'contact:crm:2',
    'device:desktop',
    'device:mobile',
    'email:…',
    'phone:…',
    'user:u1',
  ]);
  expect(facts.joined_by.map(({ evidence, evidence_id: id }) => `${evidence} ${id}`)).toEqual(
    expect.arrayContaining(['contact crm:1', 'contact crm:2', 'event site:2', 'event site:3']),
  );
  expect(facts.not_joined).toEqual([expect.objectContaining({ other_identifier: 'device:office', reason: 'shared' })]);
  const shared = await run('explain', 'person', 'office');
  expect(shared.stdout).toMatch(/^device:office is nobody's: several people use it\./);
  const nobody = await run('explain', 'person', 'eve@acme.io');
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('nobody is known under what was given')]);
}, 300_000);

it('A denied link takes a person apart, the log says which, and the secret is in no file', async () => {
  const { stdout } = await run('explain', 'person', 'contact:crm:2', '--json');
  const [link] = (
    JSON.parse(stdout) as { joined_by: { identifier: string; other_identifier: string }[] }
  ).joined_by.filter(({ identifier }) => identifier === 'contact:crm:2');
  project.write({
    'models/reference/denied_identifiers.csv': `identifier,other_identifier,note\n${link?.identifier ?? ''},${link?.other_identifier ?? ''},they are sisters\n`,
  });
  const built = await run('build', ...MODELS, '--quiet');
  expect(built.code, built.stderr).toBe(0);
  const apart = await run('explain', 'person', 'contact:crm:2', '--json');
  expect(JSON.parse(apart.stdout)).toMatchObject({
    person_id: 'contact:crm:2',
    joined_by: [],
    not_joined: [{ reason: 'denied' }],
    merges: [{ change: 'split', cause: 'edge denied', component_before: 'device:mobile' }],
  });
  const pads = Object.values(identityVariables(new Secret(SECRET, 'test'))).map((pad) => pad.reveal());
  const files = readdirSync(project.folder, { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile() && !file.parentPath.includes('node_modules'),
  );
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['warehouse.duckdb', 'plan-duckdb.json']));
  for (const { parentPath, name } of files) {
    const content = readFileSync(join(parentPath, name));
    for (const secret of [SECRET, ...pads]) expect(content.includes(secret), join(parentPath, name)).toBe(false);
  }
}, 300_000);
