/**
 * Results as JUnit XML, which CI servers read.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { create } from 'xmlbuilder2';

import type { CaseResult } from '../model/unit/index.ts';
import { renderFailed, shownPath } from './test-report.ts';

/** Writes the file, relative to `folder`; its folder is made. */
export async function writeJunit(file: string, results: readonly CaseResult[], folder: string): Promise<void> {
  const path = resolve(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, junitOf(results, folder));
}

/** A test suite per model, a test case per case. A case that cannot be read is an error, no failure. */
export function junitOf(results: readonly CaseResult[], folder: string): string {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'revops test',
    ...totalsOf(results),
  });
  for (const model of new Set(results.map((result) => result.model))) {
    const own = results.filter((result) => result.model === model);
    const suite = root.ele('testsuite', { name: model, ...totalsOf(own) });
    for (const result of own) {
      const { name, file, line, milliseconds, status, failures } = result;
      const test = suite.ele('testcase', {
        ...{ classname: model, name, file: shownPath(file, folder), line, time: secondsOf(milliseconds) },
      });
      if (status === 'skipped') test.ele('skipped');
      for (const failure of failures)
        test
          .ele(status === 'invalid' ? 'error' : 'failure', { message: printable(failure.message) })
          .txt(printable(renderFailed(failure, folder)));
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

// --- internal ---

function totalsOf(results: readonly CaseResult[]): Record<string, string | number> {
  const numberOf = (status: CaseResult['status']): number =>
    results.filter((result) => result.status === status).length;
  return {
    tests: results.length,
    failures: numberOf('failed'),
    errors: numberOf('invalid'),
    skipped: numberOf('skipped'),
    time: secondsOf(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  };
}

function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML has no way to write most control characters. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the ones
  return text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '�');
}
