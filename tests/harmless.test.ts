import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { harmless } from '../src/harmless.ts';
import { renderTable } from '../src/cli/table.ts';
import { openTerminal } from '../src/cli/terminal.ts';

/** What a terminal obeys: escape, bell, back, C1, changes of direction. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

describe('text of others on a terminal', () => {
  it('is spelled out where it would be obeyed, and stays as it is otherwise', () => {
    expect(harmless('\u001b]0;mine\u0007 \u202egnp.exe')).toBe('\\u{1b}]0;mine\\u{7} \\u{202e}gnp.exe');
    expect(harmless('Größe 😀\n\tשלום')).toBe('Größe 😀\n\tשלום');
  });

  it('never reaches a terminal as a command, in a line or in a table', () => {
    const dangerous = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('\u001b[2J', '\u009b31m', '\r', '\u202e', '\u0008'),
    );
    fc.assert(
      fc.property(fc.array(dangerous, { minLength: 1, maxLength: 4 }), (names) => {
        expect(
          renderTable(
            [{ title: 'Campaign' }],
            names.map((name) => [name]),
            80,
          ),
        ).not.toMatch(OBEYED);
        const [stdout, stderr] = [sink(true), sink(true)];
        const terminal = openTerminal({ quiet: false, stdout, stderr });
        for (const name of names) {
          terminal.print(name);
          terminal.say(name);
          terminal.warn(name);
        }
        expect([...stdout.written, ...stderr.written].join('')).not.toMatch(OBEYED);
      }),
      { seed: 20_260_301, numRuns: 100 },
    );
  });

  it('is spelled out in logs and mails, too, and is given as it is where it is data', () => {
    const [stdout, stderr] = [sink(false), sink(false)];
    const terminal = openTerminal({ quiet: false, stdout, stderr });
    terminal.print('\u001b[1m');
    terminal.printData('"\u001b[1m"');
    terminal.say('\u202e');
    terminal.warn('\u001b[2J');
    terminal.fail('error \u0007', {});
    expect(stdout.written).toEqual(['\\u{1b}[1m\n', '"\u001b[1m"\n']);
    expect(stderr.written).toEqual(['\\u{202e}\n', '\\u{1b}[2J\n', 'error \\u{7}\n']);
  });
});
