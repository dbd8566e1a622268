/**
 * The tables of the warehouse that others fill, for connectors that read them.
 */
import type { Tables } from '../connector/tables/contract.ts';
import { readRow } from '../connector/tables/read-row.ts';
import { quotedTable, selectLast, selectRows, writtenName } from '../connector/tables/select.ts';
import type { Warehouse } from '../warehouse/contract.ts';

export function warehouseTables(warehouse: Warehouse): Tables {
  const columns: Tables['columns'] = async (table) => {
    const [name = '', schema] = table.split('.').toReversed();
    const found = await warehouse.query<{ column_name: string }>(
      `select column_name from information_schema.columns
       where table_name = $1 and table_schema = ${schema === undefined ? 'current_schema()' : '$2'} order by ordinal_position`,
      schema === undefined ? [name] : [name, schema],
    );
    return found.length === 0 ? null : found.map((column) => column.column_name);
  };
  return {
    columns,
    async last(table, column) {
      const name = writtenName((await columns(table)) ?? [], column);
      if (name === null) return null;
      const sql = selectLast(warehouse.engine, quotedTable(table), name);
      return (await warehouse.query<{ last: string | null }>(sql))[0]?.last ?? null;
    },
    async *rows(table, request) {
      const has = await columns(table);
      if (has === null) return;
      const sql = selectRows(warehouse.engine, quotedTable(table), has, request);
      for await (const rows of warehouse.stream<{ given: string }>(sql)) yield rows.map(({ given }) => readRow(given));
    },
  };
}
