/**
 * Properties that the project asks for beside those of the streams.
 */
import { didYouMean, RevopsError } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import type { ObjectType } from './object-types.ts';

/** Those wanted of a type. */
export function wantedProperties(client: HubspotClient, type: ObjectType): readonly string[] {
  return (client.options.properties as Partial<Record<ObjectType, string[]>>)[type] ?? [];
}

/**
 * What is wrong with them, in one line; null where they all exist. The platform itself passes over names that it does
 * not know, and a column would stay empty for good.
 */
export async function unknownProperties(client: HubspotClient, type: ObjectType): Promise<string | null> {
  const wanted = wantedProperties(client, type);
  if (wanted.length === 0) return null;
  const known = await client.propertyNames(type);
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length === 0) return null;
  const listed = unknown.map((name) => `${name}${didYouMean(name, known)}`).join(' ');
  return `connectors.hubspot.properties.${type}: there is no property ${listed}`;
}

/** CONFIG_INVALID where one does not exist: before anything of the type is read. */
export async function requireProperties(client: HubspotClient, type: ObjectType): Promise<void> {
  const problem = await unknownProperties(client, type);
  if (problem === null) return;
  throw new RevopsError('CONFIG_INVALID', problem, {
    hint: 'Properties are named by their internal names: in HubSpot, Settings → Properties, "</>" beside the label.',
  });
}
