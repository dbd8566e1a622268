/**
 * An answer of rows that arrives in pieces: a JSON array of batches `{ "results": [row, …], … }`. Rows come out some
 * hundred at a time, as soon as they are whole, so memory holds neither the answer nor a batch, and what is parsed is
 * forgotten young.
 */
import { UnreadableAnswer } from './failures.ts';

/** Whole rows of one batch, or what a batch is apart from its rows (`results` is empty in it). */
export type AnswerPart = { rows: Record<string, unknown>[] } | { batch: Record<string, unknown> };

/**
 * Yields the rows and batches in order. A single object instead of an array is yielded as the one batch (some errors
 * come so). Throws UnreadableAnswer where the text is no such answer or ends before the array is closed.
 */
export async function* answerParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<AnswerPart> {
  const scan = newScan();
  for await (const chunk of chunks) yield* scan.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  if (!scan.isComplete()) throw new UnreadableAnswer('the answer ended before its rows were complete');
}

// --- internal ---

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** What a byte means outside of texts: nothing, or one of these. */
const TEXT = 1;
const OPENING = 2;
const CLOSING = 3;
const MEANINGS = new Uint8Array(256);
MEANINGS[QUOTE] = TEXT;
MEANINGS[OPEN_BRACE] = MEANINGS[OPEN_BRACKET] = OPENING;
MEANINGS[CLOSE_BRACE] = MEANINGS[CLOSE_BRACKET] = CLOSING;
/** Bytes of rows that are parsed together. */
const TOGETHER = 128 * 1024;
const RESULTS = /(?:^|[^\\])"results"\s*:\s*\[$/;

/** Depths, counted from the brackets that are open: the batches' array, a batch, its results, a row. */
function newScan() {
  /** Depth outside of every batch: 1 in an array, 0 where the one batch is the answer. */
  let base = 0;
  let depth = 0;
  let state: 'before' | 'batches' | 'after' = 'before';
  let place: 'between' | 'batch' | 'rows' = 'between';
  let inText = false;
  let isEscaped = false;
  let batch = newBytes();
  let rows = newBytes();
  /** Bytes of `rows` up to the end of the last whole row, and whether rows of this batch were parsed before them. */
  let whole = 0;
  let isContinued = false;

  function parsedRows(): AnswerPart {
    const all = rows.take();
    const text = all.toString('utf8', 0, whole);
    rows.keep(all.subarray(whole));
    whole = 0;
    const list = isContinued ? text.replace(/^\s*,/, '') : text;
    isContinued = true;
    return { rows: parse(`[${list}]`) as Record<string, unknown>[] };
  }

  /**
   * Goes through rows from `from` until their list closes; gives the position of its bracket, or the chunk's end.
   * Nearly all bytes of an answer pass here, so what changes with every byte is in local variables.
   */
  function skipRows(chunk: Buffer, from: number, start: number): number {
    const size = chunk.length;
    const outside = base + 2;
    let at = from;
    let open = depth;
    let lastEnd = -1;
    let inside = inText;
    let escaped = isEscaped;
    while (at < size) {
      if (inside) {
        // Most bytes are of texts, and most texts have no escapes.
        if (escaped) escaped = false;
        else {
          while (at < size && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
          if (at === size) break;
          if (chunk[at] === QUOTE) inside = false;
          else escaped = true;
        }
      } else {
        const meaning = MEANINGS[chunk[at] as number] as number;
        if (meaning === TEXT) inside = true;
        else if (meaning === OPENING) open += 1;
        else if (meaning === CLOSING) {
          if (open === outside) break;
          open -= 1;
          if (open === outside && chunk[at] === CLOSE_BRACE) lastEnd = at + 1;
        }
      }
      at += 1;
    }
    if (lastEnd !== -1) whole = rows.length() + lastEnd - start;
    depth = open;
    inText = inside;
    isEscaped = escaped;
    return at;
  }

  function* take(chunk: Buffer): Generator<AnswerPart> {
    const size = chunk.length;
    let start = 0;
    for (let at = 0; at < size; at += 1) {
      if (place === 'rows') {
        at = skipRows(chunk, at, start);
        if (at === size) break;
        depth -= 1;
        rows.keep(chunk.subarray(start, at));
        if (whole > 0) yield parsedRows();
        if (rows.take().toString('utf8').trim() !== '') throw notRows();
        isContinued = false;
        place = 'batch';
        start = at;
        continue;
      }
      const byte = chunk[at] as number;
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) {
        if (place === 'between') throw notRows();
        inText = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (state === 'after') throw new UnreadableAnswer('the answer goes on after its end');
        depth += 1;
        if (state === 'before') {
          state = 'batches';
          if (byte === OPEN_BRACKET) {
            base = 1;
            continue;
          }
        }
        if (place === 'between') {
          if (byte === OPEN_BRACKET) throw notRows();
          place = 'batch';
          start = at;
        } else if (byte === OPEN_BRACKET && depth === base + 2) {
          batch.keep(chunk.subarray(start, at + 1));
          start = at + 1;
          if (RESULTS.test(batch.end())) place = 'rows';
        }
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (place === 'between') {
          if (byte !== CLOSE_BRACKET || state !== 'batches') throw notRows();
          state = 'after';
        } else if (depth === base) {
          batch.keep(chunk.subarray(start, at + 1));
          place = 'between';
          yield { batch: parse(batch.take().toString('utf8')) as Record<string, unknown> };
          if (base === 0) state = 'after';
        }
      } else if (place === 'between' && byte > 0x20 && !(byte === COMMA && state === 'batches')) {
        throw notRows();
      }
    }
    if (place === 'between') return;
    (place === 'rows' ? rows : batch).keep(chunk.subarray(start));
    if (whole >= TOGETHER) yield parsedRows();
  }

  return { take, isComplete: (): boolean => state === 'after' };
}

/** Bytes that wait for the rest of what they belong to. */
function newBytes() {
  let pieces: Buffer[] = [];
  let length = 0;
  return {
    length: (): number => length,
    keep(piece: Buffer): void {
      if (piece.length === 0) return;
      pieces.push(piece);
      length += piece.length;
      if (length > LARGEST) throw new UnreadableAnswer(`one row of the answer has more than ${LARGEST} bytes`);
    },
    /** The last few as text. */
    end: (): string => Buffer.concat(pieces.slice(-8)).subarray(-64).toString('latin1'),
    take(): Buffer {
      const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, length);
      pieces = [];
      length = 0;
      return all;
    },
  };
}

const LARGEST = 256 * 1024 * 1024;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableAnswer('the answer holds something that is not JSON', { cause: error });
  }
}

function notRows(): UnreadableAnswer {
  return new UnreadableAnswer('the answer is no list of rows');
}
