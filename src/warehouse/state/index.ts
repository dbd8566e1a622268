/**
 * The engine's own state, in schema `revops` of the warehouse's database: one transaction covers data and state.
 */
export { migrateState, stateVersion, warehouseId } from './migrate.ts';
export { builder, state, statement } from './statement.ts';
