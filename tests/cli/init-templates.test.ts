import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { DockerfileParser } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { createProgram } from '../../src/cli/program.ts';
import { revops } from '../support/cli.ts';
import { filesIn, install, offline, packInto, REVOPS } from '../support/packed.ts';
import { leftOutByDocker } from '../support/docker-ignore.ts';
import { makeDatabase } from '../support/project.ts';
import { enginesOrOne } from '../support/warehouses.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Of systemd; where it is. */
const VERIFIER = 'systemd-analyze';
interface Job {
  env: Record<string, string>;
  services?: Record<string, unknown>;
  steps: { name?: string; run?: string; uses?: string; env?: Record<string, string> }[];
}

for (const engine of enginesOrOne('duckdb')) {
  describe(`the files of a new project on ${engine}`, { timeout: 240_000 }, () => {
    let home: string;
    let folder: string;
    let database: { url: string; drop(): Promise<void> } | undefined;
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

    beforeAll(async () => {
      database = engine === 'postgres' ? await makeDatabase() : undefined;
      home = mkdtempSync(join(tmpdir(), 'revops-init-'));
      // a name with what shells, cron and systemd read as their own
      folder = join(home, "50% of Ann's $HOME");
      const words = ['init', folder, '--files', '--warehouse', engine, '--now', '2026-11-05'];
      const made = await revops(words, { cwd: home });
      expect(made).toMatchObject({ code: 0 });
      // what `init` says comes next, but for the packing of this checkout
      const [packed, installed] = made.stdout.split('\n').flatMap((line) => /^ {2}(npm .*)/.exec(line)?.[1] ?? []);
      expect(packed).toMatch(new RegExp(`^npm pack ${ROOT} +# writes revops-[\\d.]+\\.tgz: commit it$`));
      packInto(folder, join(home, 'packed'));
      execFileSync('sh', ['-c', installed ?? ''], { cwd: folder, env: offline(home), stdio: 'pipe' });
      const locked = await revops(['lock', 'create'], { cwd: folder, env: environment() });
      expect(locked).toMatchObject({ code: 0 });
    });
    afterAll(async () => {
      rmSync(home, { recursive: true, force: true });
      await database?.drop();
    });

    /** What is the test's own: where the database is, what day it is, and where compiled models are kept. */
    function environment(): Record<string, string> {
      return {
        REVOPS_NOW: '2026-11-05T06:00:00Z',
        REVOPS_COMPILE_CACHE: process.env['REVOPS_COMPILE_CACHE'] ?? '',
        ...(database === undefined ? {} : { DATABASE_URL: database.url }),
      };
    }

    it('leave nothing to be filled in', () => {
      const names = globSync('{.*,**/*,.github/**/*}', { cwd: folder, exclude: ['node_modules/**'] });
      expect(names).toEqual(expect.arrayContaining(['.dockerignore', '.gitignore', 'Dockerfile', 'deploy/crontab']));
      for (const name of names) {
        if (!/\.(md|ts|yml|service|timer|example)$|file$|crontab$|ignore$/.test(name)) continue;
        expect(read(name), name).not.toMatch(/(?<!\$)\{\{/);
      }
    });

    it('have a line for cron that runs in an empty environment', () => {
      const lines = read('deploy/crontab')
        .split('\n')
        .filter((line) => !line.startsWith('#') && line !== '');
      const [path = '', entry = ''] = lines;
      expect([lines.length, path]).toEqual([2, expect.stringMatching(/^PATH=\//)]);
      const [, schedule, command = ''] = /^((?:[\d*]+ ){5})(.+)$/.exec(entry) ?? [];
      expect(schedule).toBe('17 6 * * * ');
      // cron reads \% as %, and a bare % as the end of the line
      expect(command.replaceAll('\\%', '')).not.toContain('%');
      const env = { PATH: path.slice('PATH='.length), ...environment() };
      const ran = spawnSync('/bin/sh', ['-c', command.replaceAll('\\%', '%')], { cwd: '/', env, encoding: 'utf8' });
      expect([ran.status, ran.stderr]).toEqual([0, expect.any(String)]);
      expect(ran.stdout).toMatch(/^run [\da-f]{8}: 4 streams, [\d,]+ rows, \d+ models changed, [^\n]+\n$/);
    });

    it('have units that systemd takes, and that run what cron runs', () => {
      const sections = (name: string): string[] => read(name).match(/^\[\w+\]$/gm) ?? [];
      expect(sections('deploy/revops.service')).toEqual(['[Unit]', '[Service]']);
      expect(sections('deploy/revops.timer')).toEqual(['[Unit]', '[Timer]', '[Install]']);
      for (const name of ['service', 'timer']) {
        for (const line of read(`deploy/revops.${name}`).split('\n'))
          expect(line).toMatch(/^$|^#|^\[\w+\]$|^[A-Z]\w+=\S/);
      }
      const service = new Map(
        [...read('deploy/revops.service').matchAll(/^(\w+)=(.*)$/gm)].map((one) => [one[1], one[2]]),
      );
      expect(service.get('WorkingDirectory')?.replaceAll('%%', '%')).toBe(folder);
      const [, command] = / && (.*)$/m.exec(read('deploy/crontab')) ?? [];
      expect(service.get('ExecStart')).toBe(`"${process.execPath}" ${command}`);
      if (spawnSync(VERIFIER, ['--version']).error !== undefined) return;
      const units = ['revops.service', 'revops.timer'].map((name) => join(folder, 'deploy', name));
      const verified = spawnSync(VERIFIER, ['verify', ...units], { encoding: 'utf8' });
      expect([verified.status, verified.stderr]).toEqual([0, '']);
    });

    it('have a Dockerfile that copies what is there, runs as nobody special, and holds no secret', async () => {
      const instructions = DockerfileParser.parse(read('Dockerfile')).getInstructions();
      const words = instructions.map((one) => [one.getKeyword(), ...one.getArguments().map(String)]);
      const keywords = words.map(([keyword]) => keyword);
      expect(keywords).toEqual([
        'FROM',
        'WORKDIR',
        'COPY',
        'RUN',
        'COPY',
        'RUN',
        'USER',
        'ENV',
        'VOLUME',
        'ENTRYPOINT',
        'CMD',
      ]);
      expect(words[0]).toEqual(['FROM', 'node:24-slim']);
      const copied = words.find(([keyword]) => keyword === 'COPY')?.slice(1, -1) ?? [];
      expect(globSync(copied, { cwd: folder }).toSorted()).toEqual([
        'package-lock.json',
        'package.json',
        expect.stringMatching(/^revops-[\d.]+\.tgz$/),
      ]);
      expect(read('Dockerfile')).not.toMatch(/chown -R/);
      const list = (keyword: string): string[] =>
        JSON.parse(/\[.*\]/.exec(read('Dockerfile').split(`\n${keyword} `)[1] ?? '')?.[0] ?? '[]') as string[];
      expect(list('ENTRYPOINT')).toEqual(['/project/node_modules/.bin/revops']);
      const asked: string[] = [];
      const program = createProgram(({ command }) => Promise.resolve(void asked.push(command)));
      await program.parseAsync(list('CMD'), { from: 'user' });
      expect(asked).toEqual(['run']);
    });

    it('keep what holds people and credentials out of images and out of git, wherever it lies', () => {
      const isLeftOut = leftOutByDocker(read('.dockerignore'));
      const names = [
        'revenue.duckdb',
        ...['wal', 'tmp/1', 'lease', 'lease.json', 'vacuum'].map((end) => `r.duckdb.${end}`),
      ];
      const secret = [...names, '.env', '.env.production', '.revops/spool/rows', '.revops/collector/events/1'];
      const all = [
        ...secret,
        ...secret.map((name) => `warehouse/eu/${name}`),
        'exports/meta/1.json',
        'writeback/1.json',
      ];
      expect(all.filter((name) => !isLeftOut(name))).toEqual([]);
      const kept = [
        '.env.example',
        'deploy/.env.example',
        'models/marts/exports.sql',
        'data/contacts.csv',
        'package.json',
      ];
      expect(kept.filter(isLeftOut)).toEqual([]);
      const git = (...words: string[]): ReturnType<typeof spawnSync> =>
        spawnSync('git', words, { cwd: join(home, 'git'), input: [...all, ...kept].join('\n'), encoding: 'utf8' });
      mkdirSync(join(home, 'git'));
      writeFileSync(join(home, 'git/.gitignore'), read('.gitignore'));
      git('init', '-q');
      expect(String(git('check-ignore', '--stdin').stdout).trim().split('\n')).toEqual(all);
    });

    it('have a Dockerfile whose steps make a folder that runs, without secrets and rows of this one', () => {
      const secrets = ['.env', 'warehouse/eu.duckdb', 'warehouse/eu.duckdb.lease.json', 'writeback/1.json'];
      for (const name of secrets) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), 'of this machine');
      }
      const image = join(home, 'image');
      const isLeftOut = leftOutByDocker(read('.dockerignore'));
      // there is no user `node` here
      install(join(home, 'image-tools'), 'chown', ':');
      const npm = offline(join(home, 'nobody'));
      const env = { ...npm, PATH: `${join(home, 'image-tools')}:${npm['PATH']}` };
      const inImage = (text: string): string => text.replaceAll('/project', '"$IMAGE"');
      for (const instruction of DockerfileParser.parse(read('Dockerfile')).getInstructions()) {
        const [keyword, text] = [instruction.getKeyword(), instruction.getArgumentsContent() ?? ''];
        if (keyword === 'WORKDIR') mkdirSync(image);
        if (keyword === 'COPY') {
          const sources = text
            .split(' ')
            .filter((word) => !word.startsWith('--'))
            .slice(0, -1);
          const copied = sources.includes('.') ? filesIn(folder) : globSync(sources, { cwd: folder });
          for (const name of copied.filter((one) => !isLeftOut(one))) cpSync(join(folder, name), join(image, name));
        }
        if (keyword !== 'RUN') continue;
        const ran = spawnSync('sh', ['-c', inImage(text)], {
          cwd: image,
          env: { ...env, IMAGE: image },
          encoding: 'utf8',
        });
        expect([text, ran.status, ran.status === 0 ? '' : ran.stderr]).toEqual([text, 0, '']);
      }
      expect(globSync('{.*,*}', { cwd: image })).toEqual(
        expect.arrayContaining(['.revops', 'data', 'models', 'package.json', 'revops.config.ts']),
      );
      expect(filesIn(image).filter((name) => /duckdb|\.env$|writeback/.test(name))).toEqual([]);
      const list = (keyword: string): string[] =>
        JSON.parse(/\[.*\]/.exec(read('Dockerfile').split(`\n${keyword} `)[1] ?? '')?.[0] ?? '[]') as string[];
      const [entry, ...words] = [...list('ENTRYPOINT'), ...list('CMD'), '--help'];
      const started = spawnSync(entry.replace('/project', image), words, { cwd: image, env, encoding: 'utf8' });
      expect([started.status, started.stdout]).toEqual([0, expect.stringMatching(/^Usage: revops run /)]);
    });

    it('have a workflow whose steps test the models and say what a change would rebuild', () => {
      const workflow = parse(read('.github/workflows/revops.yml')) as {
        permissions: Record<string, string>;
        jobs: { models: Job };
      };
      expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
      const job = workflow.jobs.models;
      expect(Object.keys(job.services ?? {})).toEqual(engine === 'postgres' ? ['postgres'] : []);
      expect(job.steps.flatMap(({ uses }) => uses ?? [])).toEqual(['actions/checkout@v4', 'actions/setup-node@v4']);

      const tools = join(home, 'tools');
      // of the unit cases one, and what cron's line has built is not built again: both take their time
      const built = engine === 'duckdb' ? `cp "${home}"/50*/warehouse.duckdb .` : ':';
      install(
        tools,
        'npx',
        `shift; case "$1" in test) set -- "$@" deals/when_won;; build) [ "$*" = "build --quiet" ] || exit 1; ${built}; exit;; esac; ${REVOPS}`,
      );
      install(tools, 'gh', `echo "$@" > "${tools}/gh.log"`);
      const checkout = join(home, 'checkout');
      cpSync(folder, checkout, { recursive: true, filter: (name) => !/node_modules|\.duckdb|\.revops$/.test(name) });
      const git = (...more: string[]): string =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...more], {
          cwd: checkout,
          encoding: 'utf8',
        });
      git('init', '-q');
      git('add', '.');
      git('commit', '-qm', 'before');
      const base = git('rev-parse', 'HEAD').trim();
      mkdirSync(join(checkout, 'models/marts'), { recursive: true });
      writeFileSync(
        join(checkout, 'models/marts/mine.sql'),
        '/*\ndescription: A test. One row.\ngrain: [one]\ncolumns:\n  one: { type: integer, description: One. }\n*/\nselect 1 as one from clock\n',
      );
      const env = {
        ...offline(join(home, 'runner')),
        ...job.env,
        ...environment(),
        PATH: `${tools}:${process.env['PATH']}`,
        BASE: base,
        NUMBER: '7',
      };
      for (const { run } of job.steps) {
        if (run === undefined) continue;
        const ran = spawnSync('bash', ['-e', '-c', run], { cwd: checkout, env, encoding: 'utf8' });
        expect([run, ran.status, ran.status === 0 ? '' : ran.stderr]).toEqual([run, 0, '']);
      }
      expect(readFileSync(join(checkout, 'reports/models.xml'), 'utf8')).toContain('<testcase');
      const comment = readFileSync(join(checkout, 'plan.md'), 'utf8');
      expect(comment).toMatch(/^\w*\.?mine +run +never built$/m);
      expect(comment).toMatch(/^1 relation to build, \d+ up to date\.$/m);
      expect(readFileSync(join(tools, 'gh.log'), 'utf8')).toContain('pr comment 7 --body-file plan.md');
      expect(existsSync(join(checkout, 'node_modules/revops/package.json'))).toBe(true);
    });
  });
}
