import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrayElements } from '../../../connectors/google-ads/array-elements.ts';

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  let start = 0;
  for (const cut of [...cuts.map((value) => value % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
}

async function elements(text: string, cuts: readonly number[] = []): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const element of arrayElements(pieces(text, cuts))) found.push(element);
  return found;
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 });

describe('the elements of an array', () => {
  it('are the array, however the text is cut and spaced', async () => {
    await fc.assert(
      fc.asyncProperty(
        objects,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(0, 1, 3),
        async (array, cuts, indent) => {
          const text = JSON.stringify(array, null, indent);
          expect(await elements(text, cuts)).toEqual(JSON.parse(text));
        },
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it('survive quotes, backslashes, brackets and letters of several bytes cut at every byte', async () => {
    const array = [{ a: 'x"]}\\', 'b\\"': ['{', '€ü\u{1f600}\\\\'] }, { c: {} }];
    const text = JSON.stringify(array);
    for (let cut = 0; cut <= Buffer.byteLength(text); cut += 1) expect(await elements(text, [cut])).toEqual(array);
  });

  it('are refused when the text ends early, at whatever byte', async () => {
    const text = JSON.stringify([{ results: [{ a: '1' }] }, { results: [] }]);
    for (let end = 0; end < text.length; end += 1)
      await expect(elements(text.slice(0, end))).rejects.toThrow(/ended before/);
  });

  it('are the one object where no array came', async () => {
    expect(await elements('{"error":{"code":429}}\n')).toEqual([{ error: { code: 429 } }]);
  });

  it('are refused where the text is something else', async () => {
    for (const text of ['<html></html>', '[1,2]', '[{}]]', '[{"a":}]', 'null', '[[{}]]'])
      await expect(elements(text)).rejects.toThrow(/answer/);
  });
});
