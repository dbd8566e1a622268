/**
 * The engine's own state, in schema `revops` of the warehouse's database: one transaction covers data and state.
 */
export { migrateState, stateVersion, warehouseId } from './migrate.ts';
export { STATE_SCHEMA, builder, state, statement } from './statement.ts';
