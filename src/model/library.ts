/**
 * The function library in the warehouse.
 */
import { RevopsError, isRevopsError } from '../errors.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { digest } from './digest.ts';
import { libraryScript } from './functions.ts';
import type { CompiledProject } from './relation.ts';

/** Installs the library in schema `revops` when it changed since the last time; tells whether it did. */
export async function installLibrary(warehouse: Warehouse, compiled: CompiledProject): Promise<boolean> {
  const script = libraryScript(compiled.library);
  const value = digest(script);
  const [row] = await warehouse.query<{ value: string }>(...statement(state('meta').where({ key: KEY }).select('value')));
  if (script === '' || row?.value === value) return false;
  try {
    await warehouse.transaction(async (session) => {
      await session.script(script);
      await session.execute(...statement(state('meta').where({ key: KEY }).delete()));
      await session.execute(...statement(state('meta').insert({ key: KEY, value })));
    });
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    throw new RevopsError('BUILD_FAILED', `the function library cannot be installed: ${error.message}`, {
      hint: `See sql/${warehouse.engine}/functions.sql. A function whose arguments or result change needs a new name, or its old form dropped first.`,
      cause: error,
    });
  }
  return true;
}

// --- internal ---

const KEY = 'function_library';
