/**
 * Credit notes.
 */
import { column } from 'revops/connector';

import { unitOf } from '../money.ts';
import { creditNotes as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { idOf, instant } from '../values.ts';

export const creditNotes = upserts({
  name: 'credit_notes',
  description: 'Credit notes, voided ones included. Amounts in units of smallest_unit. One row per credit note.',
  columns: {
    number: column.text(),
    status: column.text(),
    type: column.text(),
    reason: column.text(),
    customer_id: column.text(),
    invoice_id: column.text(),
    currency: column.text(),
    smallest_unit: column.decimal(),
    total: column.bigint(),
    total_excluding_tax: column.bigint(),
    effective_at: column.timestamp(),
    voided_at: column.timestamp(),
  },
  resource,
  canVanish: false,
  records: () => (visit) =>
    visit.objects.map((note) => ({
      id: note.id,
      number: note.number,
      status: note.status,
      type: note.type,
      reason: note.reason,
      customer_id: idOf(note.customer),
      invoice_id: idOf(note.invoice),
      currency: note.currency,
      smallest_unit: unitOf(note.currency),
      total: note.total,
      total_excluding_tax: note.total_excluding_tax,
      effective_at: instant(note.effective_at),
      voided_at: instant(note.voided_at),
      is_live: note.livemode,
      metadata: note.metadata,
      created_at: instant(note.created),
    })),
});
