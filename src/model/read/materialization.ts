/**
 * The parts of a header that belong to one way of keeping a model.
 */
import type { Model, ModelColumn } from '../contract.ts';
import type { ModelHeader } from './header.ts';
import { RESTATEMENT_COLUMNS, restatedName } from '../ledger/restatement-columns.ts';

/** What a header asks that its materialisation does not allow, in one sentence. */
export function misuseOf(header: ModelHeader, columns: readonly ModelColumn[], layer: string): string | undefined {
  const { materialized } = header;
  for (const own of ['ledger', 'components'] as const) {
    if (header[own] !== undefined && materialized !== own) return `${own}: belongs to materialized: ${own}`;
  }
  if (materialized !== 'ledger' && materialized !== 'components') return undefined;
  if (layer === 'staging') return `materialized: ${materialized} is for core and marts`;
  return materialized === 'ledger' ? misusedLedger(header, columns) : misusedComponents(header, columns);
}

/** What the header says about a ledger or about components. */
export function specOf(header: ModelHeader): Pick<Model, 'ledger' | 'components'> {
  if (header.materialized === 'ledger') {
    const { period, stamps = [] } = header.ledger ?? {};
    return { ledger: { stamps, ...(period === undefined ? {} : { period }) } };
  }
  if (header.materialized !== 'components' || header.components === undefined) return {};
  const { nodes, at, denied } = header.components;
  return {
    components: { nodes, ...(at === undefined ? {} : { at }), ...(denied === undefined ? {} : { denied }) },
  };
}

// --- internal ---

function misusedLedger(header: ModelHeader, columns: readonly ModelColumn[]): string | undefined {
  if (header.key === undefined) return 'a ledger needs a key: its rows are frozen key by key';
  const json = columns.find((column) => column.type === 'json');
  if (json !== undefined) {
    return `column ${json.name} is json, which has no form that both engines share: a ledger wants text or columns of their own`;
  }
  const period = columns.find((column) => column.name === header.ledger?.period);
  if (period !== undefined && period.type !== 'date' && period.type !== 'timestamptz') {
    return `ledger.period: ${period.name} is ${period.type}, not a date or timestamptz`;
  }
  const keys = new Set([keysOf(header), header.grain].flat());
  const stamp = header.ledger?.stamps.find((name) => keys.has(name));
  if (stamp !== undefined) return `ledger.stamps: ${stamp} is in the key or grain, by which rows are compared`;
  const taken = columns.find(({ name }) => keys.has(name) && RESTATEMENT_COLUMNS.some((own) => own.name === name));
  if (taken !== undefined) {
    return `column ${taken.name}: the ledger's restatements have a column of that name of their own; give it another`;
  }
  const long = columns.find(({ name }) => restatedName('locked', name).length > 63);
  return long === undefined ? undefined : `column ${long.name}: a ledger's columns have at most 56 characters`;
}

function misusedComponents(header: ModelHeader, columns: readonly ModelColumn[]): string | undefined {
  if (header.components === undefined) return 'materialized: components needs components: { nodes: [one, other] }';
  const { nodes, at } = header.components;
  if (nodes[0] === nodes[1]) return 'components.nodes: an edge has two columns of nodes';
  const typeOf = (name: string | undefined): string | undefined => columns.find((column) => column.name === name)?.type;
  const other = nodes.find((name) => typeOf(name) !== 'text');
  if (other !== undefined) return `components.nodes: ${other} is ${typeOf(other) ?? 'unknown'}; nodes are text`;
  const type = typeOf(at);
  if (type !== undefined && type !== 'date' && type !== 'timestamptz') {
    return `components.at: ${at ?? ''} is ${type}, not a date or timestamptz`;
  }
  return undefined;
}

function keysOf({ key }: ModelHeader): string[] {
  if (key === undefined) return [];
  return typeof key === 'string' ? [key] : Array.isArray(key) ? key : Object.keys(key);
}
