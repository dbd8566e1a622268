/**
 * `defineConnector`: from a definition to a factory that the project's config calls with options.
 */
import type { z } from 'zod';

import { RevopsError } from '../errors.ts';
import { redact, Secret } from '../secret.ts';
import type {
  Connection,
  Connector,
  ConnectorDefinition,
  KeptValues,
  ProjectFacts,
  ReadContext,
  Stream,
} from './contract.ts';
import { openDestination } from './destination.ts';
import { createGateway } from './gateway.ts';
import { openWriter } from './write.ts';

/**
 * Makes a connector factory. Options are checked when the factory is called; a wrong one throws CONFIG_INVALID with the
 * path of the option. Where an option `endpoint` or `tokenEndpoint` is not given, `REVOPS_<CONNECTOR>_ENDPOINT` and
 * `REVOPS_<CONNECTOR>_TOKEN_ENDPOINT` are read.
 */
export function defineConnector<Options extends z.ZodType, Client>(
  definition: ConnectorDefinition<Options, Client>,
): (options: z.input<Options>) => Connector {
  return (given) => {
    const options = checkedOptions(definition, given);
    const { streams } = definition;
    if (typeof streams !== 'function') return configured(definition, options, streams, null);
    return {
      ...configured(definition, options, [], null),
      inProject: (project) => configured(definition, options, streams(options, project), project),
    };
  };
}

// --- internal ---

function configured<Options extends z.ZodType, Client>(
  definition: ConnectorDefinition<Options, Client>,
  options: z.output<Options>,
  streams: readonly Stream<Client>[],
  project: ProjectFacts | null,
): Connector {
  return {
    name: definition.name,
    title: definition.title,
    streams,
    secrets: secretsIn(options, `connectors.${definition.name}`),
    ...(definition.listen === undefined || project === null
      ? {}
      : { listen: async (context) => definition.listen?.(options, context, project) }),
    ...(definition.write === undefined ? {} : { writes: definition.write.kinds }),
    ...(definition.activate === undefined ? {} : { destination: openDestination(definition.activate, options) }),
    async open({ now, signal, note: tell, tables, answerWithinMs }): Promise<Connection> {
      const note = (message: string): void => tell(redact(message));
      const gateway = createGateway({
        source: definition.name,
        ...definition.limits(options),
        classify: (error) => definition.classify(error),
        signal,
        ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
      });
      const client = await definition.connect(
        options,
        { gateway, now, signal, note, ...(tables === undefined ? {} : { tables }) },
        project,
      );
      const context: ReadContext<Client> = { client, now: now(), signal, note, kept: valuesInMemory(), warehouse: '' };
      return {
        connector: definition.name,
        gateway,
        streams,
        context,
        classify: (error) => definition.classify(error),
        check: () => definition.check(context),
        ...(definition.write === undefined ? {} : { write: openWriter(definition.write, context) }),
        close: async () => definition.disconnect?.(client),
      };
    },
  };
}

function valuesInMemory(): KeptValues {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void (value === null ? values.delete(key) : values.set(key, value)),
  };
}

function checkedOptions<Options extends z.ZodType, Client>(
  definition: ConnectorDefinition<Options, Client>,
  given: z.input<Options>,
): z.output<Options> {
  const parsed = definition.options.safeParse({
    ...endpointsFromEnvironment(definition.name),
    ...withoutUndefined(given),
  });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(
    (issue) => `connectors.${[definition.name, ...issue.path].join('.')}: ${issue.message}`,
  );
  throw new RevopsError('CONFIG_INVALID', wrong.join('; '), {
    hint: `See docs/connectors/${definition.name}.md for its options.`,
  });
}

function secretsIn(value: unknown, path: string): { path: string; secret: Secret }[] {
  if (value instanceof Secret) return [{ path, secret: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => secretsIn(part, `${path}.${name}`));
}

function endpointsFromEnvironment(name: string): Record<string, string> {
  const prefix = `REVOPS_${name.toUpperCase().replaceAll('-', '_')}`;
  const found: Record<string, string> = {};
  const endpoint = process.env[`${prefix}_ENDPOINT`];
  const tokenEndpoint = process.env[`${prefix}_TOKEN_ENDPOINT`];
  if (endpoint !== undefined && endpoint !== '') found['endpoint'] = endpoint;
  if (tokenEndpoint !== undefined && tokenEndpoint !== '') found['tokenEndpoint'] = tokenEndpoint;
  return found;
}

function withoutUndefined(given: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
}
