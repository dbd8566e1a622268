/**
 * Custom fields: the platform names them by 40 hexadecimal digits and their options by numbers; people know their names.
 */
import type { PipedriveClient } from './client.ts';
import { wholeList } from './lists.ts';
import type { Sdk } from './sdk.ts';

export type ObjectName = 'persons' | 'organizations' | 'deals';

export interface Field {
  /** 40 hexadecimal digits. */
  key: string;
  name: string;
  /** `enum`, `set`, `varchar`, `monetary`, … */
  type: string;
  /** Labels by option id. */
  options: ReadonlyMap<string, string>;
}

/** The custom fields of an object, those without a value anywhere included. Asked once per run. */
export function customFields(client: PipedriveClient, object: ObjectName): Promise<Field[]> {
  const known = FIELDS.get(client) ?? new Map<ObjectName, Promise<Field[]>>();
  FIELDS.set(client, known);
  const before = known.get(object);
  if (before !== undefined) return before;
  const asked = readFields(client, object);
  known.set(object, asked);
  asked.catch(() => known.delete(object));
  return asked;
}

/**
 * The name of a custom field among those of the platform: what people call it, and the beginning of its key, because names
 * can be given twice and change.
 */
export function columnName({ key, name }: Field): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return `${words === '' ? 'field' : words}_${key.slice(0, 8)}`;
}

/** A value with the labels of its options: text for one, a list for several, else as the platform gives it. */
export function labelled(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field.type === 'enum') return labelOf(field, value);
  return field.type === 'set' && Array.isArray(value) ? value.map((option) => labelOf(field, option)) : value;
}

/** The field with this key, or the only one of this name; undefined where there is none or several. */
export function fieldNamed(fields: readonly Field[], wanted: string): Field | undefined {
  const byName = fields.filter(({ name }) => name === wanted);
  return fields.find(({ key }) => key === wanted) ?? (byName.length === 1 ? byName[0] : undefined);
}

// --- internal ---

/** By connection, so that nothing outlives a run. */
const FIELDS = new WeakMap<PipedriveClient, Map<ObjectName, Promise<Field[]>>>();

const FIELD_PAGE = 500;

async function readFields(client: PipedriveClient, object: ObjectName): Promise<Field[]> {
  const found: Field[] = [];
  for await (const page of wholeList<WireField>(client, `fields of ${object}`, (sdk, cursor) =>
    PAGES[object](sdk, cursor === null ? { limit: FIELD_PAGE } : { limit: FIELD_PAGE, cursor }),
  )) {
    found.push(...page.filter(({ is_custom_field: isCustom }) => isCustom === true).map(fieldOf));
  }
  return found;
}

interface WireField {
  field_code: string;
  field_name: string;
  field_type: string;
  is_custom_field?: boolean;
  options?: { id: number | string; label: string }[] | null;
}

const PAGES: Record<ObjectName, (sdk: Sdk, query: { limit: number; cursor?: string }) => Promise<unknown>> = {
  persons: (sdk, query) => sdk.personFields.getPersonFields(query),
  organizations: (sdk, query) => sdk.organizationFields.getOrganizationFields(query),
  deals: (sdk, query) => sdk.dealFields.getDealFields(query),
};

function fieldOf(wire: WireField): Field {
  return {
    key: wire.field_code,
    name: wire.field_name,
    type: wire.field_type,
    options: new Map((wire.options ?? []).map(({ id, label }) => [String(id), label])),
  };
}

/** An option that was removed since keeps its number. */
function labelOf(field: Field, option: unknown): string {
  return field.options.get(String(option)) ?? String(option);
}
