/**
 * Files as a source: CSV, JSON lines and Parquet of the project, into any feed.
 */
import { defineConnector, RevopsError, type ProjectFacts } from 'revops/connector';

import { checkFiles } from './check.ts';
import { feedFiles, type FeedFiles } from './feed-files.ts';
import { filesOptions } from './options.ts';
import { feedStream, FileChanged } from './stream.ts';

export const files = defineConnector({
  name: 'files',
  title: 'Files (CSV, JSON lines, Parquet)',
  options: filesOptions,
  limits: () => ({ requests: 1000, perMilliseconds: 1000, concurrency: 4 }),
  streams: (options, project: ProjectFacts) => feedFiles(options, project).map(feedStream),
  async connect(options, _context, project): Promise<readonly FeedFiles[]> {
    if (project === null) throw new RevopsError('INTERNAL', 'files: opened without a project');
    return feedFiles(options, project);
  },
  classify(error) {
    if (error instanceof FileChanged) return { kind: 'transient', message: error.message };
    const code = (error as NodeJS.ErrnoException | null)?.code;
    return { kind: 'rejected', message: `cannot read a file (${code ?? 'unknown error'})` };
  },
  check: ({ client }) => checkFiles(client),
});
