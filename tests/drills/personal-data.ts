/**
 * Whether what is logged and recorded gives people or secrets away.
 */
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { CompanyProject } from '../support/company.ts';

/** Tables of records that people read: none holds what a platform sent, but for rejected rows, which are kept to be read again. */
const RECORDS = ['runs', 'model_runs', 'builds', 'loads', 'check_results', 'stream_state'];

/**
 * Lines that say which secret, e-mail or phone of the CRM is in the logs or in the records of runs and checks. Addresses
 * of loopback are no secrets.
 */
export async function personalData(
  project: CompanyProject,
  environment: readonly string[],
  logs: string,
): Promise<string[]> {
  const warehouse = await openWarehouse(project.warehouse, { readOnly: true });
  try {
    const texts = new Map([['the logs', logs]]);
    for (const table of RECORDS) {
      texts.set(`revops.${table}`, JSON.stringify(await warehouse.query(`select * from revops.${table}`), plain));
    }
    const people = await warehouse.query<{ email: string | null; phone: string | null }>(
      'select email, phone from raw_hubspot.contacts',
    );
    const secrets = environment.filter((value) => !value.startsWith('http'));
    const planted = [...people.flatMap(({ email, phone }) => [email, phone]), ...secrets].filter(
      (value) => value !== null && value.length > 5,
    );
    if (planted.length < people.length) throw new Error('the company has nobody whose data could leak');
    return [...texts].flatMap(([place, text]) =>
      planted.filter((value) => value !== null && text.includes(value)).map((value) => `${place}: ${value}`),
    );
  } finally {
    await warehouse.close();
  }
}

// --- internal ---

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
