/**
 * Rows that come in the order of their days.
 */
import { RevopsError } from '../errors.ts';
import type { Page, SourceRecord } from './contract.ts';

/**
 * Pages of records made of the rows that a source gives in the order of their days, cut where the last day begins; the
 * days before it are said to be whole (`Page.through`), so that a slice lands in parts where it is large, whatever the
 * size of an answer. `day` names the column. Throws STREAM_CONTRACT where a day comes after a later one.
 */
export async function* inWholeDays<Row>(
  answer: AsyncIterable<readonly Row[]>,
  recordOf: (row: Row) => SourceRecord,
  day: string,
): AsyncGenerator<Page> {
  let last = '';
  for await (const rows of answer) {
    const records = rows.map(recordOf);
    let begin = 0;
    let before = '';
    for (let at = 0; at < records.length; at += 1) {
      const date = records[at]?.[day];
      // What is no day is for the engine to reject.
      if (date === last || typeof date !== 'string') continue;
      if (date < last) throw outOfOrder(day, date, last);
      [before, begin, last] = [last, at, date];
    }
    if (before === '') yield { records };
    else {
      yield { records: records.slice(0, begin), through: before };
      yield { records: records.slice(begin) };
    }
  }
}

// --- internal ---

function outOfOrder(day: string, date: string, last: string): RevopsError {
  return new RevopsError('STREAM_CONTRACT', `rows came in the wrong order: ${day} ${date} after ${last}`, {
    hint: 'The connector asks for rows in the order of their days, and the platform gave others. Please report this.',
  });
}
