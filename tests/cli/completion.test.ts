import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../src/cli/completion/fish.ts';
import { completionOffers } from '../../src/cli/completion/offers.ts';
import { zshCompletion } from '../../src/cli/completion/zsh.ts';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { projectFolder } from '../support/cli.ts';

const OFFERS = completionOffers();
const project = projectFolder({
  'models/marts/my_own_model.sql': '',
  'models/staging/crm/stg_deals.sql': '',
  'spend.csv': '',
});
afterAll(() => project.remove());

/** What is offered for each line, the cursor at its end. */
const LINES: [line: string, offered: string[]][] = [
  ['reconc', ['reconcile']],
  ['--verb', ['--verbose']],
  ['build --full', ['--full-refresh']],
  ['build --qui', ['--quiet']],
  ['build marginal_c', ['marginal_cac']],
  ['build cac my_ow', ['my_own_model']],
  ['--config here --quiet build stg_de', ['stg_deals']],
  ['build --select marginal_c', ['marginal_cac']],
  ['diff my_o', ['my_own_model']],
  ['init --warehouse p', ['postgres']],
  ['cac --basis c', ['cohort', 'conversion']],
  ['cac --period 2026 --bas', ['--basis']],
  ['lock cr', ['create']],
  ['lock create c', []],
  ['test --junit spe', ['spend.csv']],
  ['cac --period ', []],
];

describe('completion', () => {
  it('offers every command, option and choice that is declared', () => {
    expect(OFFERS.commands.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
    for (const { name, options = [], words = [] } of COMMANDS) {
      const own = OFFERS.commands.find((command) => command.name === name);
      expect(own?.options.map(({ flag }) => flag)).toEqual(options.map(([flags]) => flags.split(' ')[0]));
      expect(own?.words).toHaveLength(words.length);
    }
    expect(OFFERS.models).toEqual(expect.arrayContaining(['cac', 'marginal_cac', 'deals']));
  });

  it('in bash gives what begins like the word under the cursor', () => {
    const ask = LINES.map(([line], at) => {
      const words = ['revops', ...line.split(' ')].map((word) => `'${word}'`);
      return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _revops; echo "${at}:" $(printf '%s\n' "\${COMPREPLY[@]}" | sort)`;
    });
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--norc', '-c', [bashCompletion(OFFERS), ...ask].join('\n')],
      {
        cwd: project.folder,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual(
      LINES.map(([, offered], at) => `${at}: ${offered.join(' ')}`.trimEnd()),
    );
  });

  it('in bash runs nothing and offers no model that a file name spells', () => {
    const folder = projectFolder({
      'models/core/my_own.sql': '',
      'models/core/my_$(touch PWNED).sql': '',
      'models/core/$(touch PWNED).sql': '',
      'models/marts/`touch PWNED`.sql': '',
      'models/marts/my_* two.sql': '',
      'out $(touch PWNED).csv': '',
      'outer/one.csv': '',
    });
    const ask = (words: string): string =>
      `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _revops; printf '%s\\n' "\${COMPREPLY[@]}"; echo -`;
    const lines = ['revops build my_', "revops build '$(touch'", "revops build '`touch'", 'revops test --junit out'];
    const script = [
      bashCompletion(OFFERS),
      ...lines.map(ask),
      ask("revops test --junit 'out $(touch PWNED)'"),
      // what was offered stands on the command line, and is read by the shell
      'words=$(COMP_WORDS=(revops test --junit out); COMP_CWORD=3; _revops; echo "${COMPREPLY[0]}"); eval "printf %s $words"',
    ].join('\n');
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: folder.folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    const file = 'out\\ \\$\\(touch\\ PWNED\\).csv';
    const [models, ...others] = stdout.split('-\n');
    expect(models).toBe('my_own\n');
    expect(others.slice(0, 2)).toEqual(['\n', '\n']);
    expect(others[2]?.trimEnd().split('\n').toSorted()).toEqual([file, 'outer']);
    expect(others[3]).toBe(`${file}\n`);
    expect(existsSync(join(folder.folder, 'PWNED'))).toBe(false);
    folder.remove();
  });

  it('in fish gives the same, where there is a fish', () => {
    const fish = found('fish');
    if (fish === undefined) return;
    const ask = LINES.map(
      ([line], at) => `echo ${at}: (complete -C'revops ${line}' | string replace -r '\\t.*' '' | sort)`,
    );
    const { status, stdout, stderr } = spawnSync(
      fish,
      ['--no-config', '-c', [fishCompletion(OFFERS), ...ask].join('\n')],
      {
        cwd: project.folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: project.folder },
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    // fish looks inside of words, too, where nothing begins like them
    const lines = stdout.trimEnd().split('\n');
    for (const [at, [line, offered]] of LINES.entries()) {
      for (const one of offered) expect(lines[at]?.split(' '), line).toContain(one);
    }
  });

  it('in zsh is a script that zsh takes, where there is a zsh', () => {
    const zsh = found('zsh');
    if (zsh === undefined) return;
    const script = `autoload -Uz compinit && compinit -u -D\n${zshCompletion(OFFERS)}\nprint -r -- $_comps[revops]`;
    const { stdout, stderr } = spawnSync(zsh, ['-f', '-c', script], { cwd: project.folder, encoding: 'utf8' });
    expect([stdout.trim(), stderr]).toEqual(['_revops', '']);
  });
});

// --- internal ---

function found(shell: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, shell)).find((file) => existsSync(file));
}
