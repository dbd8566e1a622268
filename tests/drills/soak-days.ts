/**
 * The days of one project of the soak drill: left alone, or killed, cut off and refused.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { HTML_502 } from '../../fixtures/emulators/server.ts';
import { type Company, companyProject, type CompanyProject } from '../support/company.ts';
import { revopsProcess, type Outcome } from '../support/cli.ts';
import { readDiary, writeDiary, type Diary } from './soak-diary.ts';
import { seeded } from './seeded.ts';

export interface Course {
  /** Its own: faults are injected into its platforms. */
  company: Company;
  /** Folder of the project, its diary and its logs; made, or of a drill that goes on. */
  folder: string;
  /** Makes a database of that name unless it is there, and gives its URL; absent: DuckDB. */
  database?: ((name?: string) => Promise<{ name: string; url: string }>) | undefined;
  isDisturbed: boolean;
  /** Mornings, from the company's day on. */
  days: number;
  seed: number;
  /** Models that each run builds; undefined: all. */
  select?: string | undefined;
  onDay(day: string, done: number): void;
  /** Whether to end after the day that is under way. */
  isStopped(): boolean;
}

export interface Soaked {
  project: CompanyProject;
  diary: Diary;
  /** File of all it printed. */
  logs: string;
}

/** Runs a project through its days, from where it was. */
export async function soak(course: Course): Promise<Soaked> {
  const { company, folder, days, seed, select, isDisturbed } = course;
  const first = company.now();
  const diary = readDiary(folder, JSON.stringify({ first, seed, select, isDisturbed }));
  if (!isDisturbed && diary.began > diary.days)
    throw new Error(`the undisturbed project in ${folder} was disturbed on day ${diary.began}: give another --folder`);
  mkdirSync(folder, { recursive: true });
  const database = await course.database?.(diary.database);
  diary.database = database?.name;
  const path = join(folder, 'project');
  const project = companyProject(company, first.slice(0, 10), database?.url, path);
  const logs = join(folder, 'logs.txt');
  const words = ['run', '--verbose', ...(select === undefined ? [] : ['--select', select])];
  for (let day = diary.days + 1; day <= days && !course.isStopped(); day += 1) {
    company.setNow(new Date(new Date(first).getTime() + day * DAY).toISOString());
    writeDiary(folder, { ...diary, began: day });
    const outcomes = await oneDay(course, project, { day, words, diary });
    appendFileSync(logs, outcomes.map(({ stdout, stderr }) => `${stdout}\n${stderr}\n`).join(''));
    diary.days = day;
    writeDiary(folder, { ...diary, began: day });
    course.onDay(company.now().slice(0, 10), day);
  }
  return { project, diary, logs };
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
  ['no run in any project', 0.07],
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

/** All runs of a day. What a day brings follows from the seed and its number alone, for all projects alike. */
async function oneDay(
  { company, days, seed, isDisturbed }: Course,
  project: CompanyProject,
  { day, words, diary }: { day: number; words: readonly string[]; diary: Diary },
): Promise<Outcome[]> {
  const random = seeded(seed * 1_000_003 + day);
  const drawn = kindOf(random());
  const kind = day === 1 || day === days ? 'nothing' : drawn;
  const seen = (diary.kinds[kind] ??= { times: 0, runs: 0 });
  seen.times += 1;
  if (kind === 'no run in any project') return [];
  if (day === 1) mustSucceed(await project.run(['lock', 'create']));
  const began = performance.now();
  const outcomes = isDisturbed
    ? await disturbed(company, project, kind, { words, random, milliseconds: diary.milliseconds })
    : [await project.run(words)];
  if (outcomes.length === 1 && day > 1) diary.milliseconds = performance.now() - began;
  if (!isDisturbed) outcomes.forEach(mustSucceed);
  seen.runs += outcomes.length;
  const last = outcomes.at(-1);
  if (last?.code !== 0)
    diary.wrong.push(`${company.now()}, ${kind}: the last run ended with ${last?.code}: ${last?.stderr}`);
  return outcomes;
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
