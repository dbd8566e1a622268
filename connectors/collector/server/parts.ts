/**
 * What the routes share.
 */
import type { Log } from 'revops/connector';

import type { Intake } from '../intake/request.ts';
import type { CollectorOptions } from '../options.ts';
import type { SpoolWriter } from '../spool/writer.ts';
import type { Tally } from './tally.ts';

export const KINDS = ['events', 'consents', 'webhooks'] as const;
/** What is collected: a stream, a spool and a kind of address each. */
export type Kind = (typeof KINDS)[number];

export interface Parts {
  options: CollectorOptions;
  intakes: { events: Intake; consents: Intake };
  spools: Record<Kind, SpoolWriter>;
  tally: Tally;
  log: Log;
  now(): Date;
  /** Whether it is being stopped. */
  isStopping(): boolean;
}
