/**
 * One line of a connector's `check`.
 */
import { isRevopsError, RevopsError } from '../errors.ts';
import type { Diagnosis } from './contract.ts';
import { type Fault, faultError } from './faults.ts';

/** What a look at the platform says; where it fails, that, with what to do. Other errors than RevopsError are thrown. */
export async function diagnose(subject: string, look: () => Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RevopsError)) throw error;
    return { subject, status: 'error', message: withHint(error) };
  }
}

/** What ended a check: credentials only where these were refused, else the platform, which may be down or want a wait. */
export function endOfCheck(error: unknown, classify: (error: unknown) => Fault): Diagnosis {
  const known = error instanceof RevopsError ? error : faultError('check', classify(error), error);
  const subject = isRevopsError(known, 'AUTH_FAILED') ? 'credentials' : 'platform';
  return { subject, status: 'error', message: withHint(known) };
}

// --- internal ---

function withHint({ message, hint }: RevopsError): string {
  return hint === undefined ? message : `${message}${/[.!?]$/.test(message) ? '' : '.'} ${hint}`;
}
