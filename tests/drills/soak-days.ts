/**
 * The days of the soak drill, and what must hold after the last.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { openWarehouse } from '../../src/warehouse/index.ts';
import { HTML_502 } from '../../fixtures/emulators/server.ts';
import { type Company, companyProject, type CompanyProject } from '../support/company.ts';
import { revopsProcess, type Outcome } from '../support/cli.ts';
import { type Contents, contentsOf, differencesOf, orphanTables } from '../support/contents.ts';
import { personalData } from '../support/personal-data.ts';
import { seeded } from './seeded.ts';

export interface Soak {
  company: Company;
  /** Mornings, from the company's day on. */
  days: number;
  seed: number;
  /** Models that each run builds; undefined: all. */
  select?: string | undefined;
  /** URLs of two empty databases; undefined: DuckDB. */
  databases: readonly [string | undefined, string | undefined];
  onDay(day: string, done: number): void;
}

export interface Soaked {
  /** By what the day brought. */
  kinds: Map<string, { times: number; runs: number }>;
  /** Empty: all is well. */
  wrong: string[];
  /** Bytes of standard output and error of the disturbed project. */
  logged: number;
}

/** Runs both projects through all days. */
export async function soak({ company, days, seed, select, databases, onDay }: Soak): Promise<Soaked> {
  const words = ['run', '--verbose', ...(select === undefined ? [] : ['--select', select])];
  const random = seeded(seed);
  const first = new Date(company.now());
  const start = company.now().slice(0, 10);
  const calm = companyProject(company, start, databases[0]);
  const troubled = companyProject(company, start, databases[1]);
  const kinds = new Map<string, { times: number; runs: number }>();
  const wrong: string[] = [];
  const logs: string[] = [];
  let milliseconds = 10_000;
  try {
    for (let day = 1; day <= days; day += 1) {
      company.setNow(new Date(first.getTime() + day * DAY).toISOString());
      const kind = day === 1 || day === days ? 'nothing' : kindOf(random());
      const seen = kinds.get(kind) ?? { times: 0, runs: 0 };
      kinds.set(kind, seen);
      seen.times += 1;
      onDay(company.now().slice(0, 10), day);
      if (kind === 'no run in either project') continue;
      if (day === 1) for (const project of [calm, troubled]) mustSucceed(await project.run(['lock', 'create']));
      const began = performance.now();
      mustSucceed(await calm.run(words));
      if (day > 1) milliseconds = performance.now() - began;
      const outcomes = await disturbed(company, troubled, kind, { words, random, milliseconds });
      seen.runs += outcomes.length;
      logs.push(...outcomes.flatMap(({ stdout, stderr }) => [stdout, stderr]));
      const last = outcomes.at(-1);
      if (last?.code !== 0)
        wrong.push(`${company.now()}, ${kind}: the last run ended with ${last?.code}: ${last?.stderr}`);
    }
    wrong.push(...(await differences(calm, troubled)));
    const text = logs.join('\n');
    wrong.push(...(await personalData(troubled.warehouse, Object.values(company.environment), { 'the logs': text })));
    return { kinds, wrong, logged: text.length };
  } finally {
    calm.remove();
    troubled.remove();
  }
}

// --- internal ---

const DAY = 86_400_000;

/** Shares of days; the rest is undisturbed. */
const KINDS = [
  ['killed', 0.2],
  ['killed twice', 0.05],
  ['broken answers', 0.1],
  ['an outage', 0.05],
  ["Google's quota used up", 0.04],
  ["HubSpot's quota used up", 0.04],
  ['no run in either project', 0.07],
] as const;

type Kind = (typeof KINDS)[number][0] | 'nothing';

function kindOf(drawn: number): Kind {
  let left = drawn;
  for (const [kind, share] of KINDS) {
    if (left < share) return kind;
    left -= share;
  }
  return 'nothing';
}

/** Every run of the disturbed project on a day: the last must have succeeded. */
async function disturbed(
  company: Company,
  project: CompanyProject,
  kind: Kind,
  { words, random, milliseconds }: { words: readonly string[]; random: () => number; milliseconds: number },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const kills = kind === 'killed' ? 1 : kind === 'killed twice' ? 2 : 0;
  for (let kill = 0; kill < kills; kill += 1) outcomes.push(await killed(project, words, random() * milliseconds));
  const [ads, crm] = company.platforms;
  const all = { match: '.', times: Number.MAX_SAFE_INTEGER };
  const after = Math.floor(random() * 30);
  if (kind === 'broken answers') {
    for (const platform of company.platforms) {
      platform.inject({ match: '.', after, ...HTML_502 });
      platform.inject({ match: '.', after: after + 2, reset: true });
      platform.inject({ match: '.', after: after + 5, resetAfterBytes: 200 });
    }
  }
  if (kind === 'an outage') for (const platform of company.platforms) platform.inject({ ...all, after, ...HTML_502 });
  if (kind === "Google's quota used up")
    ads.inject({ ...all, match: 'searchStream', after, special: 'resource_exhausted:86400' });
  if (kind === "HubSpot's quota used up") crm.inject({ ...all, after, special: 'DAILY' });
  if (kind === 'broken answers' || kind === 'nothing') outcomes.push(await project.run(words));
  else if (kills === 0) {
    outcomes.push(await project.run(words));
    for (const platform of company.platforms) platform.clearFaults();
  }
  if (kind !== 'nothing' && kind !== 'broken answers') outcomes.push(await project.run(words));
  for (const platform of company.platforms) platform.clearFaults();
  return outcomes;
}

/** A process that is killed after a time; the time a process takes to start is a part of it. */
function killed(project: CompanyProject, words: readonly string[], killAfter: number): Promise<Outcome> {
  return revopsProcess(words, { cwd: project.folder, env: project.environment(), killAfter: Math.ceil(killAfter) });
}

function mustSucceed({ code, stderr }: Outcome): void {
  if (code !== 0) throw new Error(`the undisturbed project ended with ${code}: ${stderr}`);
}

async function differences(calm: CompanyProject, troubled: CompanyProject): Promise<string[]> {
  const wanted = await held(calm);
  const found = await held(troubled);
  const state = join(troubled.folder, '.revops');
  const left = existsSync(state) ? readdirSync(join(state), { recursive: true, withFileTypes: true }) : [];
  return [
    ...differencesOf(found.contents, wanted.contents),
    ...found.orphans.map((table) => `revops_store.${table} belongs to nothing published`),
    ...left
      .filter((entry) => entry.isFile() && entry.name.includes('.csv'))
      .map((entry) => `the spool still holds ${entry.name}`),
  ];
}

async function held(project: CompanyProject): Promise<{ contents: Map<string, Contents>; orphans: string[] }> {
  const warehouse = await openWarehouse(project.warehouse, { readOnly: true });
  try {
    return { contents: await contentsOf(warehouse), orphans: await orphanTables(warehouse) };
  } finally {
    await warehouse.close();
  }
}
