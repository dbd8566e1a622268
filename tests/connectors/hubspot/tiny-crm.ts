/**
 * A CRM of a few hand-made records: what the emulator shows at an instant is what was put in before it.
 */
import type {
  CrmAssociation,
  CrmForm,
  CrmList,
  CrmObject,
  CrmOwner,
  CrmRecordType,
  WorldView,
} from '../../../fixtures/world/types.ts';

export interface TinyCrm {
  at(now: string): WorldView;
  /** As they are at any time. */
  owners: CrmOwner[];
  forms: CrmForm[];
  lists: CrmList[];
  customProperties: Partial<Record<CrmRecordType, ReadonlySet<string>>>;
  /** Sets a record from this instant on; what is not given stays as it was. */
  put(type: CrmRecordType, id: number, at: string, change?: Partial<CrmObject>): void;
  archive(type: CrmRecordType, id: number, at: string): void;
  /** The record is gone without a trace. */
  remove(type: CrmRecordType, id: number, at: string): void;
  /** Sets all links of a record towards a type from this instant on; the first is the primary one. */
  link(fromType: CrmRecordType, fromId: number, toType: CrmRecordType, toIds: readonly number[], at: string): void;
}

export function tinyCrm(): TinyCrm {
  const owners: CrmOwner[] = [];
  const forms: CrmForm[] = [];
  const lists: CrmList[] = [];
  const customProperties: TinyCrm['customProperties'] = {};
  const records = new Map<string, { at: string; object: CrmObject | null }[]>();
  const links = new Map<string, { at: string; toIds: readonly number[] }[]>();

  function versions(type: CrmRecordType, id: number | string): { at: string; object: CrmObject | null }[] {
    const key = `${type} ${id}`;
    const known = records.get(key) ?? [];
    records.set(key, known);
    return known;
  }

  function put(type: CrmRecordType, id: number, when: string, change: Partial<CrmObject> = {}): void {
    const before = versions(type, id).at(-1)?.object;
    versions(type, id).push({
      at: when,
      object: {
        ...(before ?? {
          type,
          id: String(id),
          createdAt: when,
          isArchived: false,
          archivedAt: null,
          mergedIds: [],
          history: {},
        }),
        updatedAt: when,
        ...change,
        properties: { ...before?.properties, ...change.properties },
      },
    });
  }

  function at(now: string): WorldView {
    const current = <T extends { at: string }>(list: readonly T[]): T | undefined =>
      list.findLast((version) => version.at <= now);
    const objects = (type: CrmRecordType): CrmObject[] =>
      [...records.entries()]
        .filter(([key]) => key.startsWith(`${type} `))
        .flatMap(([, list]) => current(list)?.object ?? [])
        .toSorted((left, right) => Number(left.id) - Number(right.id));
    return {
      now,
      crmObjects: objects,
      crmObject: (type, id) => current(records.get(`${type} ${id}`) ?? [])?.object ?? undefined,
      associations: (fromType, fromId, toType): CrmAssociation[] =>
        (current(links.get(`${fromType} ${fromId} ${toType}`) ?? [])?.toIds ?? []).map((toId, index) => ({
          since: current(links.get(`${fromType} ${fromId} ${toType}`) ?? [])?.at ?? now,
          fromType,
          fromId,
          toType,
          toId: String(toId),
          isPrimary: toType === 'companies' && index === 0,
        })),
      pipelines: () => [
        {
          id: 'sales',
          label: 'Sales',
          stages: [
            { id: 'open', label: 'Open', order: 0, isWon: false, isClosed: false, probability: 0.2 },
            { id: 'won', label: 'Won', order: 1, isWon: true, isClosed: true, probability: 1 },
            { id: 'lost', label: 'Lost', order: 2, isWon: false, isClosed: true, probability: 0 },
          ],
        },
      ],
      adAccounts: () => [],
      campaigns: () => [],
      adGroups: () => [],
      conversionActions: () => [],
      campaignFacts: () => [],
      adGroupFacts: () => [],
      conversionFacts: () => [],
      clicks: () => [],
      webEvents: () => [],
      owners: () => owners,
      forms: () => forms,
      lists: () => lists,
      customProperties: (type) => customProperties[type] ?? new Set(),
    };
  }

  return {
    at,
    owners,
    forms,
    lists,
    customProperties,
    put,
    archive: (type, id, when) =>
      put(type, id, when, {
        isArchived: true,
        archivedAt: when,
        updatedAt: versions(type, id).at(-1)?.object?.updatedAt ?? when,
      }),
    remove: (type, id, when) => void versions(type, id).push({ at: when, object: null }),
    link(fromType, fromId, toType, toIds, when) {
      const key = `${fromType} ${fromId} ${toType}`;
      links.set(key, [...(links.get(key) ?? []), { at: when, toIds }]);
    },
  };
}
