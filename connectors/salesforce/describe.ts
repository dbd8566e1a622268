/**
 * What an object looks like to this user: its fields, and the one that says what changed.
 */
import { RevopsError } from 'revops/connector';

import type { SalesforceClient } from './client.ts';
import { DATA_PATH } from './version.ts';

export interface Field {
  name: string;
  type: string;
  custom: boolean;
  filterable: boolean;
  /** The compound field this is a part of: `BillingCity` of `BillingAddress`. */
  compoundFieldName: string | null;
  /** Of a reference: the name by which the other record's fields are reached. */
  relationshipName: string | null;
}

export interface ObjectDescription {
  name: string;
  /** Fields by name. Those the user may not see are not there. */
  fields: ReadonlyMap<string, Field>;
  /** Names of fields made of other fields; the Bulk API refuses them. `Name` of people is one it takes. */
  compound: ReadonlySet<string>;
  /** The field that says when a record changed; null where none can be filtered by. */
  cursorField: string | null;
  /** Whether deleted records stay in a recycle bin. */
  hasRecycleBin: boolean;
}

/** Asked once per run and object. */
export function describe(client: SalesforceClient, object: string): Promise<ObjectDescription> {
  const described = DESCRIBED.get(client) ?? new Map<string, Promise<ObjectDescription>>();
  DESCRIBED.set(client, described);
  const known = described.get(object);
  if (known !== undefined) return known;
  const asked = ask(client, object);
  described.set(object, asked);
  asked.catch(() => described.delete(object));
  return asked;
}

// --- internal ---

/** By connection, so that nothing outlives a run. */
const DESCRIBED = new WeakMap<SalesforceClient, Map<string, Promise<ObjectDescription>>>();

/** Best first: automation and merges move the first only. */
const CURSOR_FIELDS = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'];

async function ask(client: SalesforceClient, object: string): Promise<ObjectDescription> {
  const answer = await client.get<{ fields?: Field[] }>(
    `fields of ${object}`,
    `${DATA_PATH}/sobjects/${object}/describe`,
    true,
  );
  const fields = new Map((answer.fields ?? []).map((field) => [field.name, field]));
  if (!fields.has('Id')) {
    throw new RevopsError('REQUEST_REJECTED', `salesforce: the description of ${object} has no Id`, {
      hint: 'Give the user read access to this object.',
    });
  }
  const compound = new Set(
    [...fields.values()].flatMap((field) => field.compoundFieldName ?? []).filter((name) => name !== 'Name'),
  );
  return {
    name: object,
    fields,
    compound,
    cursorField: CURSOR_FIELDS.find((name) => fields.get(name)?.filterable === true) ?? null,
    hasRecycleBin: fields.has('IsDeleted'),
  };
}
