/** Faults of what people and integrations do in the CRM, and of money given back. */
import type { CrmObject, WorldView } from '../../../fixtures/world/types.ts';
import { edited, rewritten } from './change.ts';
import type { FileRow } from './deliveries.ts';
import { isAmong, type Fault } from './fault.ts';

export const CRM_FAULTS: readonly Fault[] = [
  {
    name: 'close dates edited by reps',
    checks: ['timestamp_drift'],
    subject: /close date/,
    group: 1,
    view: (view, since) =>
      rewritten(view, (type, objects) =>
        type === 'deals' ? objects.map((deal) => closedEarlier(deal, since)) : objects,
      ),
  },
  {
    name: 'duplicate contacts',
    checks: ['duplicates'],
    subject: /hubspot/,
    group: 2,
    view: (view, since) =>
      rewritten(view, (type, objects) =>
        type === 'contacts'
          ? objects.flatMap((contact) => (contact.createdAt < since ? [contact] : twice(contact)))
          : objects,
      ),
  },
  {
    name: 'source edited by hand in the CRM',
    checks: ['crm_source_mismatch'],
    subject: /REFERRALS/,
    group: 1,
    view: (view, since) =>
      rewritten(view, (type, objects) =>
        type === 'contacts'
          ? objects.map((contact) =>
              contact.createdAt > daysBefore(since, 60) &&
              contact.createdAt < since &&
              contact.properties['originalSource'] !== 'OFFLINE'
                ? edited(contact, since, { originalSource: 'REFERRALS' })
                : contact,
            )
          : objects,
      ),
  },
  {
    name: 'contacts deleted',
    checks: ['identity_coverage', 'orphans'],
    subject: /conversions|customer|opportunity/,
    group: 3,
    view: (view, since) => {
      const isGone = ({ id, createdAt }: CrmObject): boolean => createdAt < since && isAmong(0.5, id);
      const told = rewritten(view, (type, objects) =>
        type === 'contacts'
          ? objects.map((contact) =>
              isGone(contact) && !contact.isArchived
                ? { ...contact, isArchived: true, archivedAt: since, updatedAt: since }
                : contact,
            )
          : objects,
      );
      const isLive = (type: CrmObject['type'], id: string): boolean => told.crmObject(type, id)?.isArchived === false;
      return {
        ...told,
        associations: (fromType, fromId, toType) =>
          isLive(fromType, fromId)
            ? view.associations(fromType, fromId, toType).filter(({ toId }) => isLive(toType, toId))
            : [],
      };
    },
  },
  {
    name: 'deals won without contacts',
    checks: ['orphans'],
    subject: /customer/,
    group: 4,
    view: (view, since) => ({
      associations: (fromType, fromId, toType) =>
        view
          .associations(fromType, fromId, toType)
          .filter(({ toId }) => !isUnlinked(view, since, { fromType, fromId, toType, toId })),
    }),
  },
  {
    name: 'stage renamed',
    checks: ['volume_drop'],
    subject: /opportunity conversions(?!.*, rise$)/,
    group: 4,
    view: (view, since) => ({
      pipelines: () =>
        view.pipelines().map((pipeline) => ({
          ...pipeline,
          stages: pipeline.stages.map((stage) =>
            stage.id === 'qualified' ? { ...stage, id: 'discovery', label: 'Discovery' } : stage,
          ),
        })),
      ...rewritten(view, (type, objects) =>
        type === 'deals' ? objects.map((deal) => movedToDiscovery(deal, since)) : objects,
      ),
    }),
  },
  {
    name: 'stage skipped',
    checks: ['stage_enforcement'],
    subject: /stages skipped/,
    group: 2,
    view: (view, since) =>
      rewritten(view, (type, objects) => (type === 'deals' ? objects.map((deal) => passedOver(deal, since)) : objects)),
  },
  {
    name: 'revenue refunded',
    checks: ['refunds'],
    subject: /billing/,
    group: 2,
    deliver: (delivery) => ({ ...delivery, invoices: (delivery.invoices ?? []).flatMap(refunded) }),
  },
];

// --- internal ---

function daysBefore(instant: string, days: number): string {
  return new Date(Date.parse(instant) - days * 86_400_000).toISOString();
}

/** Whoever wins a deal from then on dates it back by three weeks, some days later. */
function closedEarlier(deal: CrmObject, since: string): CrmObject {
  const [last] = deal.history['stage'] ?? [];
  if (last === undefined || last.at < since || !(last.value ?? '').endsWith('won')) return deal;
  const closeDate = `${daysBefore(last.at, 21).slice(0, 10)}T00:00:00.000Z`;
  return {
    ...edited(deal, last.at, { closeDate }),
    history: {
      ...deal.history,
      closeDate: [{ value: closeDate, at: last.at, actor: 'CRM_UI' }, ...(deal.history['closeDate'] ?? [])],
    },
  };
}

/** An integration makes a second contact of everybody, with the phone and another address. */
function twice(contact: CrmObject): CrmObject[] {
  const { phone, email } = contact.properties;
  if (phone === null && email === null) return [contact];
  const copy = {
    ...contact,
    id: `7${contact.id}`,
    properties: { ...contact.properties, email: email?.replace('@', '+import@') ?? null },
    mergedIds: [],
  };
  return [contact, copy];
}

function isUnlinked(
  view: WorldView,
  since: string,
  link: { fromType: string; fromId: string; toType: string; toId: string },
): boolean {
  const deal = link.fromType === 'deals' ? link.fromId : link.toType === 'deals' ? link.toId : undefined;
  const other = link.fromType === 'deals' ? link.toType : link.fromType;
  if (deal === undefined || other === 'deals') return false;
  const entered = view.crmObject('deals', deal)?.history['stage']?.[0];
  return entered !== undefined && entered.at >= since && (entered.value ?? '').endsWith('won');
}

/** The stage was deleted and made anew: deals in it are moved, later ones know no other. */
function movedToDiscovery(deal: CrmObject, since: string): CrmObject {
  const history = (deal.history['stage'] ?? []).map((entry) =>
    entry.value === 'qualified' && entry.at >= since ? { ...entry, value: 'discovery' } : entry,
  );
  const [last] = history;
  const isThere = last?.value === 'qualified';
  const stage = isThere ? [{ value: 'discovery', at: since, actor: 'CRM_UI' as const }, ...history] : history;
  return {
    ...edited(deal, isThere ? since : deal.updatedAt, { stage: stage[0]?.value ?? null }),
    history: { ...deal.history, stage },
  };
}

/** Deals that would enter one of two stages stay where they are until the stage after; the platform never knew another. */
function passedOver(deal: CrmObject, since: string): CrmObject {
  const all = deal.history['stage'] ?? [];
  const stage = all.filter(
    ({ value, at }, index) => index === all.length - 1 || at < since || (value !== 'proposal' && value !== 'qualified'),
  );
  return {
    ...deal,
    properties: { ...deal.properties, stage: stage[0]?.value ?? null },
    history: { ...deal.history, stage },
  };
}

/** Half of what is invoiced is given back on the same day. */
function refunded(invoice: FileRow): FileRow[] {
  const id = String(invoice['document_id']);
  if (!isAmong(0.5, id)) return [invoice];
  const amount = `-${String(invoice['amount'])}`;
  return [
    invoice,
    {
      ...invoice,
      document_type: 'refund',
      document_id: `${id}-r`,
      parent_id: id,
      status: 'succeeded',
      amount,
      amount_paid: amount,
    },
  ];
}
