/** What leaves the warehouse, when somebody asks for it. */
export { differenceOf, type Difference, type FieldChange, type RecordChange } from './field-changes.ts';
export { writePrivateFile } from './private-file.ts';
export { readRollbackFile, rollbackText, type RollbackFile } from './rollback-file.ts';
export { writeChanges } from './write-changes.ts';
export { logWritten, type WrittenRecord } from './written-records.ts';
export {
  AUDIENCE,
  CONVERSIONS,
  exportBatch,
  exportedItems,
  exportedMembers,
  settleBatches,
  type ExportedItem,
} from './exports.ts';
