import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { renderTable } from '../../src/cli/table.ts';

describe('renderTable', () => {
  it('aligns numbers to the right and needs no more room than its content', () => {
    expect(
      renderTable(
        [{ title: 'Name' }, { title: 'Rows', align: 'right' }],
        [
          ['deals', '1,234'],
          ['contacts', '5'],
        ],
        80,
      ),
    ).toBe(['Name       Rows', '────────  ─────', 'deals     1,234', 'contacts      5'].join('\n'));
  });

  it('wraps the widest column after blanks and underscores where the terminal is too narrow', () => {
    const text = renderTable([{ title: 'Status' }, { title: 'N' }], [['granularity_mismatch', '1']], 16);
    expect(text).toBe(['Status         N', '─────────────  ─', 'granularity_   1', 'mismatch'].join('\n'));
  });

  it('leaves numbers, dates and words whole as long as text beside them can wrap between words', () => {
    const columns = [{ title: 'Source' }, { title: 'Day' }, { title: 'Rows', align: 'right' as const }];
    const text = renderTable(columns, [['google-ads.ad_groups', '2026-11-22', '1,234,567']], 34);
    expect(text.split('\n').slice(2)).toEqual(['google-ads.  2026-11-22  1,234,567', 'ad_groups']);
  });

  it('draws tens of thousands of rows', () => {
    const rows = Array.from({ length: 40_000 }, (_, at) => [`stream_${at}`, String(at)]);
    const lines = renderTable([{ title: 'A' }, { title: 'N', align: 'right' }], rows, 80).split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([40_002, 'stream_39999  39999']);
  });

  it('puts a heading over the rows that follow, without widening a column', () => {
    expect(renderTable([{ title: 'A' }, { title: 'Column' }], [['heading'], ['1', '2']], 80)).toBe(
      ['A  Column', '─  ──────', 'heading', '1  2'].join('\n'),
    );
  });

  it('never is wider than the terminal nor loses a letter', () => {
    const word = fc.stringMatching(/^[a-z_]{1,30}$/);
    const cell = fc.array(word, { minLength: 0, maxLength: 4 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 24, max: 100 }),
        (rows, width) => {
          const text = renderTable([{ title: 'A' }, { title: 'B' }, { title: 'C' }], rows, width);
          expect(Math.max(...text.split('\n').map((line) => Array.from(line).length))).toBeLessThanOrEqual(width);
          const letters = (written: string): string =>
            Array.from(written)
              .filter((letter) => /[a-z_]/.test(letter))
              .toSorted()
              .join('');
          expect(letters(text)).toBe(letters(rows.flat().join('')));
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });
});
