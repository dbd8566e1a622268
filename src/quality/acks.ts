/**
 * Findings that somebody has looked at and answers for, until a day.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { Severity } from './findings.ts';

/** It is about a finding as it stood: not about one that is graver, and not about one that comes after it ended. */
export interface Ack {
  check: string;
  /** What the finding is about, for people. */
  subject: string;
  /** Which finding of the check. */
  finding: string;
  /** How grave it was. */
  severity: Severity;
  reason: string;
  /** Who answers for it; null where an older version did not ask. */
  by: string | null;
  /** ISO 8601. */
  acknowledgedAt: string;
  expiresAt: string;
}

/** Writes an acknowledgement down. Under the lease. */
export async function acknowledge(session: Session, ack: Ack): Promise<void> {
  const { check, subject, finding, severity, reason, by, acknowledgedAt, expiresAt } = ack;
  const row = {
    check_name: check,
    subject,
    finding,
    severity,
    reason,
    acknowledged_by: by,
    acknowledged_at: acknowledgedAt,
    expires_at: expiresAt,
  };
  await session.execute(...statement(state('check_acks').insert(row)));
}

/** Those in force at an instant, the newest first. Those of a version that did not note the finding are in force no more. */
export async function acksAt(session: Session, now: Date): Promise<Ack[]> {
  const columns = await session.describe({ schema: 'revops', name: 'check_acks' });
  if (columns === null || !columns.some(({ name }) => name === 'finding')) return [];
  const rows = await session.query<{
    check_name: string;
    subject: string;
    finding: string;
    severity: Severity;
    reason: string;
    acknowledged_by: string | null;
    acknowledged_at: string;
    expires_at: string;
  }>(
    ...statement(
      state('check_acks')
        .whereNotNull('finding')
        .where('acknowledged_at', '<=', now.toISOString())
        .where('expires_at', '>', now.toISOString())
        .orderBy([{ column: 'acknowledged_at', order: 'desc' }, 'check_name', 'finding'])
        .select(),
    ),
  );
  return rows.map((row) => ({
    check: row.check_name,
    subject: row.subject,
    finding: row.finding,
    severity: row.severity,
    reason: row.reason,
    by: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at,
    expiresAt: row.expires_at,
  }));
}

/** What an acknowledgement has to be about to cover a finding. */
export interface Standing {
  check: string;
  finding: string;
  severity: Severity;
  /** Since when it stands, ISO 8601; null where nobody knows, so that nobody can have answered for it. */
  since: string | null;
}

/** The acknowledgement that covers a finding, or undefined. */
export function ackOf(acks: readonly Ack[], { check, finding, severity, since }: Standing): Ack | undefined {
  if (since === null) return undefined;
  return acks.find(
    (ack) =>
      ack.check === check &&
      ack.finding === finding &&
      GRAVITY[severity] <= GRAVITY[ack.severity] &&
      Date.parse(since) <= Date.parse(ack.acknowledgedAt),
  );
}

// --- internal ---

const GRAVITY: Record<Severity, number> = { warning: 0, investigate: 1, error: 2 };
