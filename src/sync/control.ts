/**
 * Control totals: what landed against what the platform itself says the sum is.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal, qualified } from '../warehouse/sql.ts';
import { sliceLabel, type Manifest } from './manifest.ts';
import { streamLabel, type StreamShape } from './shape.ts';

/**
 * Compares sums over the rows of a scope (a condition on alias `t`) with the manifest's totals: exactly for whole and
 * decimal columns where the stream names no tolerance, to 9 digits for floating point. Throws CONTROL_TOTAL, which a second read may cure.
 */
export async function checkControlTotals(
  session: Session,
  shape: StreamShape,
  manifest: Manifest,
  scope: string,
): Promise<void> {
  for (const [name, expected] of Object.entries(manifest.controlTotals ?? {})) {
    const type = shape.columns.find((column) => column.name === name)?.type;
    const tolerance = shape.controlTolerance[name] ?? '0';
    if (type === undefined || ![expected, tolerance].every((written) => /^-?\d+(\.\d+)?$/.test(written))) {
      throw new RevopsError(
        'STREAM_CONTRACT',
        `${streamLabel(shape)}: control total of ${name}, or its tolerance, is not a number of a column`,
      );
    }
    const number = type === 'double' ? 'double precision' : 'decimal(38,9)';
    const valueOf = (written: string): string => `cast(${literal(written)} as ${number})`;
    const [sums] = await session.query<{ landed: string | number; agrees: boolean }>(
      `select landed, ${agreement(type === 'double', valueOf(expected), valueOf(tolerance))} as agrees
       from (select coalesce(sum(cast(t.${identifier(name)} as ${number})), 0) as landed
             from ${qualified(shape.table)} as t where ${scope}) as sums`,
    );
    if (sums?.agrees !== true) {
      throw new RevopsError(
        'CONTROL_TOTAL',
        `${streamLabel(shape)}, ${sliceLabel(manifest)}: ${name} sums to ${String(sums?.landed)}, the platform says ${expected}`,
        {
          hint: 'Nothing was loaded. The platform may be changing these days right now: run again later.',
          retryable: true,
        },
      );
    }
  }
}

// --- internal ---

function agreement(isFloating: boolean, expected: string, tolerance: string): string {
  const allowed = isFloating ? `greatest(${tolerance}, 1e-9 * greatest(1, abs(landed)))` : tolerance;
  return `abs(landed - ${expected}) <= ${allowed}`;
}
