import { afterEach, describe, expect, it } from 'vitest';

import { csvLine } from '../src/cli/csv.ts';
import { openLog } from '../src/cli/progress-log.ts';
import { renderTable } from '../src/cli/table.ts';
import { openTerminal } from '../src/cli/terminal.ts';
import { forgetSecrets, redact, remember, Secret } from '../src/secret.ts';

it('A secret that holds another one is taken out whole, whichever was known first.', () => {
  remember('inner-value');
  expect(new Secret('outer-inner-value-1', 'test').missing).toBeUndefined();
  expect(redact('token outer-inner-value-1 and inner-value')).toBe('token [secret] and [secret]');
});

const KEY =
  '-----BEGIN PRIVATE KEY-----\nTUlJRXZRSUJBREFOQmdrcWhraUc5dzBC\nQVFFRkFBU0NCS2N3\n-----END PRIVATE KEY-----\n';
const PARTS = ['secret99', 'TUlJRXZRSUJBREFOQmdr', 'QVFFRkFBU0NC'];

describe.each([
  'PLANT"ed\\secret99',
  "O'Brien/secret99\ttab",
  KEY,
  KEY.replaceAll('\n', '\r\n'),
  'two\nlines of secret99',
])('the secret %j', (value) => {
  afterEach(forgetSecrets);

  const written = (work: (terminal: ReturnType<typeof openTerminal>) => void): string => {
    let text = '';
    const sink = { write: (piece: string | Uint8Array) => ((text += String(piece)), true) };
    work(openTerminal({ quiet: false, stdout: sink, stderr: sink }));
    return text;
  };

  it.each<[string, (terminal: ReturnType<typeof openTerminal>) => void]>([
    ['a line', (terminal) => terminal.print(`x ${value} y`)],
    ['JSON', (terminal) => terminal.printJson([{ x: value }])],
    ['JSON in JSON', (terminal) => terminal.printJson({ error: `no ${JSON.stringify({ x: value })}` })],
    ['JSON in JSON in CSV', (terminal) => terminal.print(csvLine([JSON.stringify({ x: JSON.stringify(value) })]))],
    ['CSV', (terminal) => terminal.print(csvLine([1, value]))],
    ['a URL', (terminal) => terminal.warn(`https://x.test/?q=${encodeURIComponent(value)}`)],
    ['PHP’s JSON', (terminal) => terminal.warn(JSON.stringify(value).replaceAll('/', '\\/'))],
    ['a narrow table', (terminal) => terminal.print(renderTable([{ title: 'x' }], [[value]], 10))],
    [
      'a log line',
      (terminal) =>
        openLog(
          {
            command: 'run',
            globals: { json: true, quiet: false, verbose: false, lockTimeoutMs: 0 },
            terminal,
          },
          'one',
        ).warn({ failure: { message: value } }, value),
    ],
  ])('is taken out of %s', (_where, work) => {
    const kept = written(work);
    expect(PARTS.some((part) => kept.replaceAll(/\s/g, '').includes(part))).toBe(true);
    remember(value);
    const clean = written(work);
    expect(clean).toContain('[secret]');
    expect(PARTS.filter((part) => clean.replaceAll(/\s/g, '').includes(part))).toEqual([]);
  });
});

it('Text under six characters is left, lines of a longer secret too.', () => {
  remember('abcde');
  remember('{\n  "key": "long-enough"\n}');
  expect(redact('abcde {"a": 1} "key": "long-enough"')).toBe('abcde {"a": 1} [secret]');
});
