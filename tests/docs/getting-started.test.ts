import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { projectFolder, revops, type ProjectFolder } from '../support/cli.ts';
import { makeDatabase } from '../support/project.ts';
import { transcript } from '../support/transcript.ts';
import { engines, enginesOrOne } from '../support/warehouses.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/getting-started.md'), 'utf8');
/** The day on which the page was written. */
const ENVIRONMENT = { REVOPS_NOW: '2026-11-05T08:00:00Z', TZ: 'Europe/Berlin' };

describe('docs/getting-started.md', { timeout: 400_000 }, () => {
  let project: ProjectFolder;
  let drop: (() => Promise<void>) | undefined;
  afterEach(async () => {
    project.remove();
    await drop?.();
  });

  it.each(enginesOrOne('duckdb'))(
    'leads from an empty folder over CSV files to a first CAC, word by word, on %s',
    async (engine) => {
      project = projectFolder();
      const database = engine === 'postgres' ? await makeDatabase() : undefined;
      drop = database?.drop;
      const env = { ...ENVIRONMENT, ...(database === undefined ? {} : { DATABASE_URL: database.url }) };
      const all = transcript(PAGE, 'From CSV files');
      expect(all.filter(({ kind }) => kind === 'output')).toHaveLength(4);
      // On the second engine to the first number.
      const first = all.findIndex(({ kind }) => kind === 'output') + 1;
      const steps = engine === engines[0] ? all : all.slice(0, first);
      let printed = '';
      let warnings = '';
      for (const step of steps) {
        if (step.kind === 'file') {
          project.write({ [step.path]: step.text });
        } else if (step.kind === 'output') {
          expect(printed.trim()).toBe(step.text.trim());
        } else {
          const words = [...step.words, ...(step.words[0] === 'init' ? ['--warehouse', engine] : [])];
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          const { code, stdout, stderr } = await revops(words, { cwd: project.folder, env });
          expect(code, `revops ${words.join(' ')}\n${stderr}`).toBe(0);
          printed = stdout;
          warnings += stderr;
        }
      }
      expect(readFileSync(join(project.folder, 'data/spend.csv'), 'utf8')).toContain(shownRows());
      if (steps === all) expect(warnings).toMatch(/spend_daily: warning: not_null spend_reporting found 1/);
    },
  );
});

// --- internal ---

/** The rows of the example that the page shows. */
function shownRows(): string {
  return /```csv\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? 'nothing';
}
