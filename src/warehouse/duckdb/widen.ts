/**
 * A wider type for a column. DuckDB's views look their columns up when they are read, so nothing stands in the way.
 */
import type { Session } from '../contract.ts';
import { identifier, qualified, type RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { typeName } from './types.ts';

export async function widen(session: Session, table: RelationName, column: Column): Promise<void> {
  await session.execute(
    `alter table ${qualified(table)} alter column ${identifier(column.name)} type ${typeName(column.type)}`,
  );
}
