/**
 * What `revops doctor` says: the files of each feed are there, and how their first rows read. Nothing is loaded.
 */
import { RevopsError, type Diagnosis } from 'revops/connector';

import type { FeedFiles } from './feed-files.ts';
import { findFiles, type FoundFile } from './paths.ts';
import { recordMaker } from './record.ts';
import { rowsOf } from './rows.ts';

export async function checkFiles(feeds: readonly FeedFiles[]): Promise<Diagnosis[]> {
  const lines: Diagnosis[] = [];
  for (const files of feeds) lines.push(await checkFeed(files));
  return lines;
}

// --- internal ---

async function checkFeed(files: FeedFiles): Promise<Diagnosis> {
  const subject = files.feed.name;
  try {
    const found = await findFiles(files);
    const first = found[0] as FoundFile;
    const count = `${found.length} ${found.length === 1 ? 'file' : 'files'}`;
    const make = recordMaker(first, files.feed);
    for await (const rows of rowsOf(first, files.feed)) {
      const made = rows.map(make);
      const wrong = made.findIndex((row) => 'reason' in row);
      const problem = made[wrong];
      if (problem === undefined || !('reason' in problem)) break;
      const line = rows[wrong]?.line ?? 0;
      return { subject, status: 'warning', message: `${count}; ${first.name}, line ${line}: ${problem.reason}` };
    }
    return { subject, status: 'ok', message: `${count}; the first rows of ${first.name} can be read` };
  } catch (error) {
    if (!(error instanceof RevopsError)) throw error;
    return {
      subject,
      status: 'error',
      message: error.hint === undefined ? error.message : `${error.message}. ${error.hint}`,
    };
  }
}
