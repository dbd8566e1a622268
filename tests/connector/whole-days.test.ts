import { describe, expect, it } from 'vitest';

import { inWholeDays, type Page } from '../../src/connector/index.ts';

type Row = [day: string | undefined, id: number];

async function pagesOf(...answer: Row[][]): Promise<Page[]> {
  async function* pages(): AsyncGenerator<Row[]> {
    yield* answer;
  }
  const made: Page[] = [];
  for await (const page of inWholeDays(pages(), ([day, id]) => ({ day, id }), 'day')) made.push(page);
  return made;
}

const idsOf = (pages: Page[]): unknown[] => pages.map(({ records, through }) => [records.map(({ id }) => id), through]);

describe('rows in the order of their days', () => {
  it('are cut where the last day of a page begins; the days before it are whole', async () => {
    const pages = await pagesOf(
      [
        ['2026-03-01', 1],
        ['2026-03-01', 2],
        ['2026-03-02', 3],
      ],
      [['2026-03-02', 4]],
      [
        ['2026-03-04', 5],
        ['2026-03-05', 6],
        ['2026-03-05', 7],
      ],
    );
    expect(idsOf(pages)).toEqual([
      [[1, 2], '2026-03-01'],
      [[3], undefined],
      [[4], undefined],
      [[5], '2026-03-04'],
      [[6, 7], undefined],
    ]);
  });

  it('say that the last day of the page before is whole where a page begins with another', async () => {
    const pages = await pagesOf([['2026-03-01', 1]], [['2026-03-03', 2]]);
    expect(idsOf(pages)).toEqual([
      [[1], undefined],
      [[], '2026-03-01'],
      [[2], undefined],
    ]);
  });

  it('pass with what has no day, for the engine to reject', async () => {
    const pages = await pagesOf([
      ['2026-03-01', 1],
      [undefined, 2],
    ]);
    expect(idsOf(pages)).toEqual([[[1, 2], undefined]]);
  });

  it('are refused where a day comes again after a later one', async () => {
    await expect(
      pagesOf(
        [
          ['2026-03-01', 1],
          ['2026-03-02', 2],
        ],
        [['2026-03-01', 3]],
      ),
    ).rejects.toMatchObject({
      code: 'STREAM_CONTRACT',
      message: 'rows came in the wrong order: day 2026-03-01 after 2026-03-02',
    });
  });
});
