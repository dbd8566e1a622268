/**
 * Findings that somebody has looked at and answers for, until a day.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { Finding } from './findings.ts';

export interface Ack {
  check: string;
  /** Null: all subjects of the check. */
  subject: string | null;
  reason: string;
  /** Who answers for it; null where an older version did not ask. */
  by: string | null;
  /** ISO 8601. */
  acknowledgedAt: string;
  expiresAt: string;
}

/** Writes an acknowledgement down. Under the lease. */
export async function acknowledge(session: Session, ack: Ack): Promise<void> {
  const { check, subject, reason, by, acknowledgedAt, expiresAt } = ack;
  const row = {
    check_name: check,
    subject,
    reason,
    acknowledged_by: by,
    acknowledged_at: acknowledgedAt,
    expires_at: expiresAt,
  };
  await session.execute(...statement(state('check_acks').insert(row)));
}

/** Those in force at an instant, the newest first. */
export async function acksAt(session: Session, now: Date): Promise<Ack[]> {
  if ((await session.describe({ schema: 'revops', name: 'check_acks' })) === null) return [];
  const rows = await session.query<{
    check_name: string;
    subject: string | null;
    reason: string;
    // a warehouse that no run of this version has brought up to date has no such column
    acknowledged_by?: string | null;
    acknowledged_at: string;
    expires_at: string;
  }>(
    ...statement(
      state('check_acks')
        .where('acknowledged_at', '<=', now.toISOString())
        .where('expires_at', '>', now.toISOString())
        .orderBy([{ column: 'acknowledged_at', order: 'desc' }, 'check_name', 'subject'])
        .select(),
    ),
  );
  return rows.map((row) => ({
    check: row.check_name,
    subject: row.subject,
    reason: row.reason,
    by: row.acknowledged_by ?? null,
    acknowledgedAt: row.acknowledged_at,
    expiresAt: row.expires_at,
  }));
}

/** The acknowledgement that covers a finding, or undefined. */
export function ackOf(acks: readonly Ack[], { check, subject }: Pick<Finding, 'check' | 'subject'>): Ack | undefined {
  return acks.find((ack) => ack.check === check && (ack.subject === null || ack.subject === subject));
}
