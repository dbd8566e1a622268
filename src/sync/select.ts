/**
 * Which streams a run is about.
 */
import type { Connector, Stream } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';

export interface Selection {
  connector: Connector;
  streams: readonly Stream<never>[];
}

/** `connector` or `connector.stream`, in the order of the config; all where nothing is named. USAGE for unknown names. */
export function selectStreams(connectors: readonly Connector[], select: readonly string[]): Selection[] {
  const names = connectors.flatMap(({ name, streams }) => [name, ...streams.map((stream) => `${name}.${stream.name}`)]);
  const unknown = select.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RevopsError('USAGE', `nothing to sync is called ${JSON.stringify(unknown)}`, {
      hint: `There is: ${names.join(', ')}.`,
    });
  }
  return connectors
    .map((connector) => ({
      connector,
      streams: connector.streams.filter(
        ({ name }) =>
          select.length === 0 || select.includes(connector.name) || select.includes(`${connector.name}.${name}`),
      ),
    }))
    .filter(({ streams }) => streams.length > 0);
}
