/** What a planted fault is: how the world, the files that people deliver, or the platforms differ from a morning on. */
import type { EmulatorServer } from '../../../fixtures/emulators/server.ts';
import { hash, unitAt } from '../../../fixtures/world/random.ts';
import type { WorldView } from '../../../fixtures/world/types.ts';
import type { Delivery } from './deliveries.ts';

export interface Fault {
  name: string;
  /** The checks that are to find it, and the subjects by which they do. */
  checks: readonly string[];
  subject: RegExp;
  /** Faults of one group touch different data: they can be planted together, and are told apart by check and subject. */
  group: 1 | 2 | 3 | 4 | 5;
  /** What platforms answer instead, from the instant `since` on. */
  view?: (view: WorldView, since: string) => Partial<WorldView>;
  /** What is delivered instead for a day (UTC) that ends after `since`. */
  deliver?: (delivery: Delivery, since: string) => Delivery;
  /** Done to the platforms' servers each morning. */
  outage?: (platforms: { ads: EmulatorServer; crm: EmulatorServer }) => void;
}

/** All of the faults in one. */
export function together(faults: readonly Fault[]): Pick<Fault, 'view' | 'deliver' | 'outage'> {
  return {
    view: (view, since) =>
      faults.reduce<WorldView>((before, { view: change }) => ({ ...before, ...change?.(before, since) }), view),
    deliver: (delivery, since) =>
      faults.reduce((before, { deliver: change }) => change?.(before, since) ?? before, delivery),
    outage: (platforms) => {
      for (const { outage } of faults) outage?.(platforms);
    },
  };
}

/** Whether a thing is among a share of all: always the same ones. */
export function isAmong(share: number, ...key: string[]): boolean {
  return unitAt(hash('fault', ...key), 0) < share;
}
