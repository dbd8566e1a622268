/**
 * Who gives the command, for records of what somebody answers for.
 */
import { userInfo } from 'node:os';

/** `REVOPS_USER`, as where several people use one account; else the name of the account. */
export function operator(): string {
  const named = process.env['REVOPS_USER']?.trim();
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    // a container's user without an entry in its list of users
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
