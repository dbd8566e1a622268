/**
 * Customers.
 */
import { column } from 'revops/connector';

import { customers as resource } from '../resources.ts';
import { upserts } from '../upserts.ts';
import { instant } from '../values.ts';

export const customers = upserts({
  name: 'customers',
  description: 'Customers as entered. One row per customer; a company may have several.',
  columns: {
    email: column.text(),
    name: column.text(),
    phone: column.text(),
    description: column.text(),
    currency: column.text(),
    is_delinquent: column.boolean(),
  },
  resource,
  canVanish: true,
  records: () => (visit) =>
    visit.objects.map((customer) => ({
      id: customer.id,
      email: customer.email,
      name: customer.name ?? null,
      phone: customer.phone ?? null,
      description: customer.description,
      currency: customer.currency ?? null,
      is_delinquent: customer.delinquent ?? null,
      is_live: customer.livemode,
      metadata: customer.metadata,
      created_at: instant(customer.created),
    })),
});
