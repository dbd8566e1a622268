import { RevopsError } from 'revops/connector';

/** A file that cannot be read as it is: nothing of its feed is loaded until that is settled. */
export function refused(file: string, what: string, hint: string): RevopsError {
  return new RevopsError('REQUEST_REJECTED', `${file}: ${what}`, { hint });
}
