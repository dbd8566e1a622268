/**
 * What a plan needs to know of the warehouse: what is published, what exists, and how far its raw tables are.
 */
import type { Session } from '../../warehouse/contract.ts';
import type { Layer } from '../contract.ts';
import { readRawTables, type RawTable } from '../build/raw-tables.ts';
import type { CompiledProject } from '../relation.ts';
import { readPublished, type PublishedRelation } from '../store/state.ts';
import { STORE } from '../store/store.ts';

export interface WarehouseState {
  /** By relation. */
  published: Map<string, PublishedRelation>;
  /** By `raw_connector.table`. */
  rawTables: Map<string, RawTable>;
  /** Everything of ours that exists, as `schema.name`: a lost table or view is made again. */
  existing: Set<string>;
}

export async function readWarehouseState(session: Session, compiled: CompiledProject): Promise<WarehouseState> {
  const relations = await session.relations(...SCHEMAS, STORE);
  const existing = new Set(relations.map(({ schema, name }) => `${schema}.${name}`));
  return { published: await readPublished(session), rawTables: await readRawTables(session, compiled), existing };
}

// --- internal ---

const SCHEMAS: readonly Layer[] = ['reference', 'staging', 'feeds', 'core', 'marts', 'quality'];
