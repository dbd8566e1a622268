import { collector } from '../../../connectors/collector/index.ts';
import type { Connector } from '../../../src/connector/index.ts';
import { FEEDS } from '../feeds.ts';

export type Options = Parameters<typeof collector>[0];

export const KEY = 'write-key-of-the-website';

/** A collector as the config of a project in this folder has it. */
export function collectorIn(folder: string, options: Partial<Options> = {}): Connector {
  const made = collector({ writeKeys: { website: KEY }, ...options }).inProject?.({ folder, feeds: FEEDS });
  if (made === undefined) throw new Error('the connector takes no project');
  return made;
}
