/**
 * Options that name sources: each is a connector of the project, or one of its streams.
 */
import type { Connector } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import type { CheckedConfig } from './schema.ts';

/** CONFIG_INVALID lists every name that is none. The connectors as they are in the project: streams may depend on it. */
export function checkNamedSources(
  { checks, schedule }: Pick<CheckedConfig, 'checks' | 'schedule'>,
  connectors: readonly Connector[],
  file: string,
): void {
  const known = connectors.flatMap(({ name, streams }) => [name, ...streams.map((stream) => `${name}.${stream.name}`)]);
  const named = [
    ...Object.keys(checks.slaHours).map((source) => ({ option: 'checks.slaHours', source })),
    ...Object.keys(schedule).map((source) => ({ option: 'schedule', source })),
  ];
  const wrong = named
    .filter(({ source }) => !known.includes(source))
    .map(({ option, source }) => `${option}.${source}: ${unknownOf(source, connectors)}`);
  if (wrong.length === 0) return;
  throw new RevopsError('CONFIG_INVALID', `${file}: ${wrong.join('; ')}`, {
    hint: "A source is a connector's name, or connector.stream; each connector's page in docs/connectors names its streams.",
  });
}

// --- internal ---

function unknownOf(source: string, connectors: readonly Connector[]): string {
  const [name = ''] = source.split('.');
  const connector = connectors.find((one) => one.name === name);
  if (connector === undefined) {
    const names = connectors.map((one) => one.name);
    return `there is no connector ${name}${didYouMean(name, names)}`;
  }
  const streams = connector.streams.map((stream) => `${name}.${stream.name}`);
  return `there is no such stream${didYouMean(source, streams)}`;
}
