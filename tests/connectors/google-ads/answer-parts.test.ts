import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answerParts } from '../../../connectors/google-ads/answer-parts.ts';

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  let start = 0;
  for (const cut of [...cuts.map((value) => value % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
}

/** The batches as they were sent, put together again. */
async function batches(text: string, cuts: readonly number[] = []): Promise<unknown[]> {
  const found: unknown[] = [];
  let rows: unknown[] = [];
  for await (const part of answerParts(pieces(text, cuts))) {
    if ('rows' in part) rows.push(...part.rows);
    else {
      found.push('results' in part.batch ? { ...part.batch, results: rows } : part.batch);
      rows = [];
    }
  }
  expect(rows).toEqual([]);
  return found;
}

const row = fc.dictionary(fc.string(), fc.jsonValue());
const batch = fc
  .tuple(fc.option(fc.array(row, { maxLength: 4 }), { nil: undefined }), row, fc.boolean())
  .map(([results, others, isFirst]) => {
    const { results: _, ...rest } = others;
    if (results === undefined) return rest;
    return isFirst ? { results, ...rest } : { ...rest, results };
  });

describe('the rows and batches of an answer', () => {
  it('are what was sent, however the text is cut and spaced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(0, 1, 3),
        async (array, cuts, indent) => {
          const text = JSON.stringify(array, null, indent);
          expect(await batches(text, cuts)).toEqual(JSON.parse(text));
        },
      ),
      { seed: 11, numRuns: 100 },
    );
  });

  it('survive quotes, backslashes, brackets and letters of several bytes cut at every byte', async () => {
    const array = [
      { results: [{ a: 'x"]}\\', 'b\\"': ['{', '€ü\u{1f600}\\\\'] }, { c: {} }], fieldMask: 'a,b' },
      { 'x"results': [{ no: 'row' }], other: { results: [[{}]] } },
    ];
    const text = JSON.stringify(array);
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1) expect(await batches(text, [cut])).toEqual(array);
  });

  it('come a part at a time where a batch is large, each parsed as soon as it is whole', async () => {
    const results = Array.from({ length: 5_000 }, (_, index) => ({ id: String(index), text: 'x'.repeat(200) }));
    const text = JSON.stringify([{ results, requestId: 'r' }]);
    const cuts = Array.from({ length: 40 }, (_, index) => index * 30_000);
    const sizes: number[] = [];
    for await (const part of answerParts(pieces(text, cuts))) if ('rows' in part) sizes.push(part.rows.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(2_000);
    expect(await batches(text, cuts)).toEqual([{ results, requestId: 'r' }]);
  });

  it('are refused when the text ends early, at whatever byte', async () => {
    const text = JSON.stringify([{ results: [{ a: '1' }] }, { results: [] }]);
    for (let end = 0; end < text.length; end += 1)
      await expect(batches(text.slice(0, end))).rejects.toThrow(/ended before/);
  });

  it('are the one object where no array came', async () => {
    expect(await batches('{"error":{"code":429}}\n')).toEqual([{ error: { code: 429 } }]);
    expect(await batches('{"results":[{"a":1}]}')).toEqual([{ results: [{ a: 1 }] }]);
  });

  it('are refused where the text is something else', async () => {
    const texts = ['<html></html>', '[1,2]', '[{}]]', '[{"a":}]', 'null', '[[{}]]', '[{}]{}', '[{}]null'];
    const inRows = ['1', '{},1', '{},', ',{}', '{"a":}', '[{}]', '{} {}'].map((rows) => `[{"results":[${rows}]}]`);
    for (const text of [...texts, ...inRows]) await expect(batches(text), text).rejects.toThrow(/answer/);
  });
});
