/**
 * What `revops doctor` says of tables: files are looked at; those of the warehouse only a sync reads.
 */
import type { Diagnosis } from '../contract.ts';
import { isRevopsError } from '../../errors.ts';
import type { Tables } from './contract.ts';

export async function checkTables(tables: Tables, names: readonly string[]): Promise<Diagnosis[]> {
  const lines: Diagnosis[] = [];
  for (const name of names) {
    try {
      const columns = await tables.columns(name);
      if (columns !== null) lines.push({ subject: name, status: 'ok', message: `${columns.length} columns` });
    } catch (error) {
      if (isRevopsError(error, 'INTERNAL')) {
        return [{ subject: 'tables', status: 'ok', message: 'in the warehouse: a sync looks at them' }];
      }
      if (!isRevopsError(error)) throw error;
      lines.push({ subject: name, status: 'error', message: error.message });
    }
  }
  return lines.length > 0 ? lines : [{ subject: 'files', status: 'error', message: 'none of them is there' }];
}
