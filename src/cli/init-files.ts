/**
 * The files of a new project.
 */
import type { EngineName } from '../warehouse/types.ts';
import { exampleFiles, firstExampleDay } from './init-csv.ts';

export interface NewProject {
  name: string;
  engine: EngineName;
  /** `YYYY-MM-DD`; the project starts a year before. */
  today: string;
  timeZone: string;
  /** `files`: reads CSV files in data/, and comes with examples. */
  reads: 'platforms' | 'files';
}

/** Texts by path. */
export function projectFiles(project: NewProject): Record<string, string> {
  const isOfFiles = project.reads === 'files';
  const variables = [...(project.engine === 'postgres' ? [DATABASE] : []), ...(isOfFiles ? [] : [SECRETS])];
  return {
    'revops.config.ts': isOfFiles ? configOfFiles(project) : config(project),
    ...(isOfFiles ? exampleFiles(project.today) : {}),
    ...(variables.length === 0 ? {} : { '.env.example': variables.join('\n') }),
    '.gitignore': 'node_modules/\n.env\n.revops/\n*.duckdb\n*.duckdb.wal\n*.duckdb.tmp/\n*.duckdb.lease\n',
    'models/README.md': MODELS,
    'README.md': readme(project.name, variables.length > 0),
  };
}

/** For a folder in which `revops` is not installed yet. */
export function packageFile(name: string, version: string): string {
  const content = { name: packageName(name), private: true, type: 'module', dependencies: { revops: `^${version}` } };
  return `${JSON.stringify(content, null, 2)}\n`;
}

// --- internal ---

const WAREHOUSES: Record<EngineName, string> = {
  duckdb: `{ type: 'duckdb', path: 'warehouse.duckdb' }`,
  postgres: `{ type: 'postgres', url: env('DATABASE_URL') }`,
};

function config({ engine, today, timeZone }: NewProject): string {
  const start = `${Number(today.slice(0, 4)) - 1}${today.slice(4, 8)}01`;
  return `import { defineConfig, env } from 'revops';
import { googleAds } from 'revops/connectors/google-ads';
import { hubspot } from 'revops/connectors/hubspot';

export default defineConfig({
  warehouse: ${WAREHOUSES[engine]},
  connectors: {
    'google-ads': googleAds({
      developerToken: env('GOOGLE_ADS_DEVELOPER_TOKEN'),
      clientId: env('GOOGLE_ADS_CLIENT_ID'),
      clientSecret: env('GOOGLE_ADS_CLIENT_SECRET'),
      refreshToken: env('GOOGLE_ADS_REFRESH_TOKEN'),
    }),
    hubspot: hubspot({ accessToken: env('HUBSPOT_ACCESS_TOKEN') }),
  },
  identity: { secret: env('REVOPS_IDENTITY_SECRET') },
  start: '${start}',
  timeZone: '${timeZone}',
  currency: 'EUR',
});
`;
}

function configOfFiles({ engine, today, timeZone }: NewProject): string {
  return `import { defineConfig${engine === 'postgres' ? ', env' : ''} } from 'revops';
import { files } from 'revops/connectors/files';

export default defineConfig({
  warehouse: ${WAREHOUSES[engine]},
  connectors: {
    files: files({
      feeds: {
        ad_spend: 'data/spend.csv',
        deals: { path: 'data/deals.csv', timeZone: '${timeZone}' },
        contacts: { path: 'data/contacts.csv', timeZone: '${timeZone}' },
        pipeline_stages: 'data/stages.csv',
      },
    }),
  },
  start: '${firstExampleDay(today)}',
  timeZone: '${timeZone}',
  currency: 'EUR',
});
`;
}

const DATABASE = `# Postgres 14 or later; the user must be able to create schemas in the database.
DATABASE_URL=
`;

const SECRETS = `# docs/connectors/google-ads.md of the package says where each comes from.
GOOGLE_ADS_DEVELOPER_TOKEN=
GOOGLE_ADS_CLIENT_ID=
GOOGLE_ADS_CLIENT_SECRET=
GOOGLE_ADS_REFRESH_TOKEN=

# docs/connectors/hubspot.md of the package lists the scopes.
HUBSPOT_ACCESS_TOKEN=

# Keys of e-mails and phones are made with it: openssl rand -hex 32, and keep it. docs/identity.md says why.
REVOPS_IDENTITY_SECRET=
`;

const MODELS = `# Models of this project

One .sql file per table: a header and one SELECT, in staging/<connector>/, core/ or marts/. A model with the name of a
packaged one replaces it; \`revops list models\` shows where each comes from.

\`\`\`sql
/*
description: New customers per month and channel. One row per channel and month.
grain: [channel, period_start]
columns:
  channel: { type: text, description: Channel. }
  period_start: { type: date, description: First day of the month. }
  customers: { type: double, description: New customers. }
*/
select channel, period_start, customers
from cac
where period_grain = 'month'
\`\`\`
`;

function readme(name: string, hasSecrets: boolean): string {
  const copy = hasSecrets ? 'cp .env.example .env    # credentials; .env is not committed\n' : '';
  return `# ${name}

\`\`\`sh
${copy}npx revops doctor       # is everything there?
npx revops lock create  # lock what changes attribution; commit attribution.lock.json
npx revops run          # sync and build: put this into cron
npx revops cac          # what does a customer cost, and the next one?
\`\`\`

The config is revops.config.ts; own models go to models/.
`;
}

function packageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '') || 'revenue'
  );
}
