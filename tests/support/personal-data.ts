/**
 * Whether what is logged and recorded gives people or secrets away.
 */
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import { qualified } from '../../src/warehouse/sql.ts';

/** Rows of platforms and files that did not fit, which are kept to be read again: all else in the schema is records. */
const KEPT_ROWS = ['rejected_rows'];

/**
 * Lines that say which secret, e-mail or phone of the CRM is in the texts given, by what they are, or in a record of the
 * engine: runs, loads, builds, findings, answers. Addresses of loopback are no secrets.
 */
export async function personalData(
  config: WarehouseConfig,
  environment: readonly string[],
  given: Readonly<Record<string, string>>,
): Promise<string[]> {
  const warehouse = await openWarehouse(config, { readOnly: true });
  try {
    const texts = new Map(Object.entries(given));
    const tables = (await warehouse.relations('revops')).filter(({ name }) => !KEPT_ROWS.includes(name));
    for (const table of tables)
      texts.set(
        `revops.${table.name}`,
        JSON.stringify(await warehouse.query(`select * from ${qualified(table)}`), plain),
      );
    const people = await warehouse.query<{ email: string | null; phone: string | null }>(
      'select email, phone from raw_hubspot.contacts',
    );
    const secrets = environment.filter((value) => !value.startsWith('http'));
    const planted = [...people.flatMap(({ email, phone }) => [email, phone]), ...secrets].filter(
      (value) => value !== null && value.length > 5,
    );
    if (planted.length < people.length || texts.size < 8) throw new Error('there is nobody whose data could leak');
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
