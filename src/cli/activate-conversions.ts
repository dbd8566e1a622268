/**
 * Conversions that an ad platform has not been told of, of people who may be told of.
 */
import type { OpenDestination, OutgoingConversion } from '../connector/destination.ts';
import { CONVERSIONS, exportedItems } from '../outbound/index.ts';
import type { Project } from '../project/load.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import { addressesOf, clicksOf, permissionsOf, type ConsentState } from './activate-people.ts';
import type { Export } from './activate.ts';
import { requireBuilt } from './built.ts';

export async function conversionExport(
  project: Project,
  warehouse: Warehouse,
  destination: { name: string; open: OpenDestination },
  now: Date,
): Promise<Export> {
  await requireBuilt(warehouse, ['core.conversions', 'core.touchpoints', 'core.person_consents', 'core.event_people']);
  const told = await exportedItems(warehouse, destination.name, CONVERSIONS);
  const rows = await warehouse.query<ConversionRow>(`
with ${permissionsOf(`select distinct person_id from core.conversions where person_id is not null`)}
select conversions.conversion_id, conversions.conversion_type, conversions.converted_at, conversions.person_id,
  conversions.amount, conversions.currency, consents.consent, test_people.person_id is not null as is_test
from core.conversions
left join consents on consents.person_id = conversions.person_id
left join test_people on test_people.person_id = conversions.person_id
order by conversions.converted_at, revops.byte_order(conversions.conversion_id)`);
  const leftOut: Record<string, number> = {};
  const leave = (reason: string): void => void (leftOut[reason] = (leftOut[reason] ?? 0) + 1);
  const allowed = rows.filter((row) => {
    const reason = told.has(row.conversion_id) ? 'already_exported' : refusalOf(row, project.activation.consent);
    if (reason !== null) leave(reason);
    return reason === null;
  });
  const known = new Set(rows.map(({ conversion_id }) => conversion_id));
  const people = await addressesOf(
    warehouse,
    'select distinct person_id from core.conversions where person_id is not null',
    { deleted: false },
  );
  const clicks = await clicksOf(
    warehouse,
    'select conversion_id, person_id, converted_at from core.conversions where person_id is not null',
    destination.open,
  );
  const outgoing = allowed.map((row): OutgoingConversion => {
    const { emails, phones } = people.get(row.person_id ?? '') ?? { emails: [], phones: [] };
    return {
      eventId: row.conversion_id,
      type: row.conversion_type,
      at: row.converted_at,
      amount: row.amount,
      currency: row.currency,
      emails,
      phones,
      clicks: clicks.get(row.conversion_id) ?? [],
      consent: row.consent === 'granted' ? 'granted' : 'unknown',
    };
  });
  const { files, refused } = destination.open.conversions(outgoing, now);
  const refusedIds = new Set(refused.map(({ id }) => id));
  for (const { reason } of refused) leave(reason);
  const items = outgoing.flatMap(({ eventId }) =>
    refusedIds.has(eventId) ? [] : [{ itemId: eventId, change: 'added' as const }],
  );
  return { list: CONVERSIONS, items, files, leftOut, ended: [...told.keys()].filter((id) => !known.has(id)).length };
}

// --- internal ---

interface ConversionRow {
  conversion_id: string;
  conversion_type: string;
  converted_at: string;
  person_id: string | null;
  amount: string | null;
  currency: string | null;
  consent: ConsentState | null;
  is_test: boolean;
}

/** Why nothing about it may leave, whatever the platform; null where it may. */
function refusalOf(
  { person_id, consent, is_test }: ConversionRow,
  rule: Project['activation']['consent'],
): string | null {
  if (person_id === null) return 'nobody_known';
  if (is_test) return 'test_address';
  if (consent === 'refused') return 'consent_refused';
  return rule === 'required' && consent !== 'granted' ? 'consent_unknown' : null;
}
