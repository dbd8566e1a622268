import type { PostgresConfig } from '../config.ts';
import type { Lease } from '../contract.ts';
export async function takeLease(_config: PostgresConfig, _location: string, _command: string, _timeoutMs: number): Promise<Lease> {
  throw new Error('not yet');
}
