/**
 * The elements of a JSON array that arrives in pieces, one at a time: memory holds one element, never the array.
 */
import { UnreadableAnswer } from './failures.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LARGEST_ELEMENT = 512 * 1024 * 1024;

/**
 * Yields each top-level element, parsed. A single object instead of an array is yielded as the one element (some
 * errors come so). Throws UnreadableAnswer where the text is no JSON or ends before the array is closed.
 */
export async function* arrayElements(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const scan = newScan();
  for await (const chunk of chunks) yield* scan.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  if (!scan.isComplete()) throw new UnreadableAnswer('the answer ended before its rows were complete');
}

// --- internal ---

function newScan() {
  let pieces: Buffer[] = [];
  let length = 0;
  let state: 'before' | 'in_array' | 'after' = 'before';
  let base = 0;
  let depth = 0;
  let inText = false;
  let isEscaped = false;

  function keep(piece: Buffer): void {
    if (piece.length === 0) return;
    length += piece.length;
    if (length > LARGEST_ELEMENT) throw new UnreadableAnswer('one element of the answer has more than 512 MB');
    pieces.push(piece);
  }

  function element(): unknown {
    const text = (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length)).toString('utf8').trim();
    pieces = [];
    length = 0;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new UnreadableAnswer('the answer holds something that is not JSON', { cause: error });
    }
  }

  /** The position after the text that is open at `from`, or the end of the chunk. */
  function skipText(chunk: Buffer, from: number): number {
    let at = from;
    if (isEscaped && at < chunk.length) {
      isEscaped = false;
      at += 1;
    }
    while (at < chunk.length) {
      const quote = chunk.indexOf(QUOTE, at);
      const end = quote === -1 ? chunk.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= at && chunk[end - 1 - slashes] === BACKSLASH) slashes += 1;
      if (quote === -1) {
        isEscaped = slashes % 2 === 1;
        return chunk.length;
      }
      at = quote + 1;
      if (slashes % 2 === 0) {
        inText = false;
        return at;
      }
    }
    return at;
  }

  function* take(chunk: Buffer): Generator<unknown> {
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (inText) {
        at = skipText(chunk, at);
        continue;
      }
      const byte = chunk[at] as number;
      at += 1;
      if (byte <= 0x20) continue;
      if (state === 'after') throw new UnreadableAnswer('the answer goes on after its end');
      if (state === 'before') {
        if (byte !== OPEN_BRACKET && byte !== OPEN_BRACE) throw new UnreadableAnswer('the answer is not JSON');
        state = 'in_array';
        base = byte === OPEN_BRACKET ? 1 : 0;
        depth = 1;
        start = byte === OPEN_BRACKET ? at : at - 1;
        continue;
      }
      if (byte === QUOTE) {
        inText = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === base && (base === 0 || byte === CLOSE_BRACE)) {
          keep(chunk.subarray(start, at));
          start = at;
          yield element();
          if (base === 0) state = 'after';
        } else if (depth === 0) {
          if (
            chunk
              .subarray(start, at - 1)
              .toString()
              .trim() !== '' ||
            length > 0
          )
            throw new UnreadableAnswer('the answer holds something that is not an object');
          state = 'after';
        }
      } else if (byte === COMMA && depth === 1 && base === 1) {
        start = at;
      }
    }
    if (state === 'in_array' && (depth > base || inText)) keep(Buffer.from(chunk.subarray(start)));
  }

  return { take, isComplete: (): boolean => state === 'after' };
}
