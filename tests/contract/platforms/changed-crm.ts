/**
 * A small CRM in which everything happens between two instants: records come, change, are linked and archived.
 */
import type { CrmList, CrmOwner } from '../../../fixtures/world/types.ts';
import { type TinyCrm, tinyCrm } from '../../connectors/hubspot/tiny-crm.ts';

const BEGIN = '2026-03-01T08:00:00.000Z';
export const at = (minutes: number): string => new Date(Date.parse(BEGIN) + minutes * 60_000).toISOString();

/** Between the two, on which the cases look at it. */
export const FIRST = at(120);
export const LATER = at(1_200);

/** Before there was anything. */
export const BEFORE = at(-60);

/** Why no case can take a row away unnoticed. */
export const NO_TOTALS = 'the platform tells no total that an answer could be compared with';

/** When two contacts have become one, beyond what else happens. */
const MERGED = 1_300;
export const AFTER_MERGE = at(MERGED + 60);
/** When all is read again. */
export const A_WEEK_AFTER_MERGE = at(MERGED + 8 * 1_440);

/** Live deals at an instant as id, currency and amount, in order of id. */
export function dealsOf(now: string): string[] {
  return changedCrm()
    .at(now)
    .crmObjects('deals')
    .filter(({ isArchived }) => !isArchived)
    .map(({ id, properties }) => `${id} ${properties['currency']} ${properties['amount']}`);
}

/** `times`: so many times nine companies, each with a contact and a deal. */
export function changedCrm(times = 1): TinyCrm {
  const crm = tinyCrm();
  const stage = (value: string, minutes: number) => ({ value, at: at(minutes), actor: 'CRM_UI' as const });
  const deal = (id: number, minutes: number, stages: ReturnType<typeof stage>[]): void =>
    crm.put('deals', id, at(minutes), {
      properties: {
        name: `Deal "${id}",\n✓ Ünïcode`,
        stage: stages.at(0)?.value ?? 'open',
        pipeline: 'sales',
        amount: '1234.56',
        currency: id % 2 === 0 ? 'EUR' : 'JPY',
        closeDate: at(5_000),
      },
      history: { stage: stages, pipeline: [], amount: [], closeDate: [] },
    });
  for (let id = 1; id <= 9 * times; id += 1) {
    crm.put('companies', id, at(0), { properties: { name: `Company ${id}`, domain: `c${id}.example` } });
    crm.put('contacts', id, at(1), { properties: { email: `p${id}@c${id}.example`, lastName: `Nr ${id}` } });
    deal(id, 2, [stage('open', 2)]);
    crm.link(
      'deals',
      id,
      'contacts',
      id % 3 === 0 ? [id, 1, 2].filter((one, index, all) => all.indexOf(one) === index) : [id],
      at(3),
    );
    crm.link('deals', id, 'companies', [id], at(3));
    crm.link('contacts', id, 'companies', [id], at(3));
  }
  deal(2, 300, [stage('won', 300), stage('open', 2)]);
  deal(3, 310, [stage('lost', 310), stage('open', 2)]);
  crm.put('companies', 4, at(320), { properties: { name: 'Renamed' } });
  crm.put('contacts', 5, at(320), { properties: { lastName: 'Renamed' } });
  deal(10, 330, [stage('open', 330)]);
  crm.link('deals', 10, 'contacts', [1], at(330));
  crm.archive('deals', 7, at(340));
  // Two contacts turn out to be one; it takes over what the other had.
  crm.put('contacts', 2, at(MERGED), { mergedIds: ['3'] });
  crm.remove('contacts', 3, at(MERGED));
  crm.link('deals', 3, 'contacts', [1, 2], at(MERGED));
  return {
    ...crm,
    at: (now) => ({ ...crm.at(now), owners: () => ownersAt(now, times), lists: () => listsAt(now, times) }),
  };
}

// --- internal ---

/** Two of each nine: one takes another name, one leaves; another comes. */
function ownersAt(now: string, times: number): CrmOwner[] {
  if (now < at(0)) return [];
  const isLater = now >= at(320);
  const owner = (id: number, lastName: string, isArchived: boolean): CrmOwner => ({
    id: String(id),
    email: `o${id}@example.com`,
    firstName: 'Owner',
    lastName,
    createdAt: at(0),
    updatedAt: isLater && lastName !== String(id) ? at(320) : at(0),
    isArchived,
  });
  return [
    ...Array.from({ length: 2 * times }, (_, index) => owner(101 + index, String(101 + index), false)),
    owner(50, isLater ? 'Renamed' : '50', false),
    { ...owner(51, '51', isLater), updatedAt: isLater ? at(325) : at(0) },
    ...(isLater ? [{ ...owner(52, '52', false), createdAt: at(330), updatedAt: at(330) }] : []),
  ];
}

/** Two lists of contacts: one goes; from the other a contact is taken, and another put on it. */
function listsAt(now: string, times: number): CrmList[] {
  if (now < at(10)) return [];
  const isLater = now >= at(400);
  const members = Array.from({ length: 4 * times }, (_, index) => ({ id: String(index + 1), at: at(10) }));
  const list = { objectTypeId: '0-1', processingType: 'DYNAMIC' as const, createdAt: at(5) };
  const one = { ...list, id: '1', name: 'List 1', members };
  const other = { ...list, id: '2', name: 'List 2', members };
  const changed = { ...other, members: [...members.slice(1), { id: '9', at: at(400) }], removedAt: at(399) };
  return isLater ? [changed] : [one, other];
}
