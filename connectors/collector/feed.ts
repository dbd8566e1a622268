import { RevopsError, type FeedContract, type ProjectFacts } from 'revops/connector';

/** A feed of the project. INTERNAL where it has none: the packaged ones are always there. */
export function feedOf({ feeds }: ProjectFacts, name: string): FeedContract {
  const feed = feeds.find((candidate) => candidate.name === name);
  if (feed === undefined) throw new RevopsError('INTERNAL', `the project has no feed ${name}`);
  return feed;
}
