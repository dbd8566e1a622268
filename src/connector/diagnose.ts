/**
 * One line of a connector's `check`.
 */
import { RevopsError } from '../errors.ts';
import type { Diagnosis } from './contract.ts';

/** What a look at the platform says; where it fails, that, with what to do. Other errors than RevopsError are thrown. */
export async function diagnose(subject: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RevopsError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { subject, status: 'error', message };
  }
}
