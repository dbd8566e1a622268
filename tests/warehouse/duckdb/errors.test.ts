import { describe, expect, it } from 'vitest';

import { openError, statementError } from '../../../src/warehouse/duckdb/errors.ts';

describe('errors of DuckDB', () => {
  it('say that the disk is full, also where it was the cause of another', () => {
    const error = new Error(
      'FATAL Error: Failed: database has been invalidated because of a previous fatal error. Original error: "Could not write file "w.duckdb": No space left on device"',
    );
    const told = { message: expect.stringMatching(/^duckdb:w: the disk is full: /), retryable: true };
    expect(openError(error, 'duckdb:w')).toMatchObject({ ...told, code: 'WAREHOUSE_UNREACHABLE' });
    expect(statementError(error, 'duckdb:w')).toMatchObject({ ...told, code: 'WAREHOUSE_FAILED' });
  });
});
