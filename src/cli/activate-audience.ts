/**
 * An audience against what a platform was handed of it: who comes in, who goes out, and who must not be in it.
 */
import type { OpenDestination, OutgoingPerson } from '../connector/destination.ts';
import { RevopsError } from '../errors.ts';
import { AUDIENCE, exportedItems } from '../outbound/index.ts';
import type { Project } from '../project/load.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import { literal } from '../warehouse/sql.ts';
import { addressesOf, permissionsOf, type ConsentState } from './activate-people.ts';
import type { Export } from './activate.ts';
import { requireBuilt } from './built.ts';
import { count, plural } from './format.ts';

/** EXPORT_REFUSED where somebody of a control group is in it, unless these are to be left out. */
export async function audienceExport(
  project: Project,
  warehouse: Warehouse,
  destination: { name: string; open: OpenDestination },
  { audience, excludeControl, now }: { audience: string; excludeControl: boolean; now: Date },
): Promise<Export> {
  await requireBuilt(warehouse, ['core.audience_members', 'core.exp_units', 'core.person_consents', 'core.identity']);
  await requireAudience(warehouse, audience);
  const list = `${AUDIENCE}${audience}`;
  const members = `select person_id from core.audience_members where audience = ${literal(audience)}`;
  const rows = await warehouse.query<MemberRow>(`
with ${permissionsOf(members)},
controls as (
  select distinct exp_units.person_id from core.exp_units
  where exp_units.arm = 'control'
    and (exp_units.ends_at is null or exp_units.ends_at > cast(${literal(now.toISOString())} as timestamptz))
)
select consents.person_id, consents.consent, test_people.person_id is not null as is_test, controls.person_id is not null as is_control
from consents
left join test_people on test_people.person_id = consents.person_id
left join controls on controls.person_id = consents.person_id
order by revops.byte_order(consents.person_id)`);
  const controls = rows.filter(({ is_control }) => is_control).length;
  if (controls > 0 && !excludeControl) {
    throw new RevopsError(
      'EXPORT_REFUSED',
      `${count(controls)} of the ${plural(rows.length, 'member')} of the audience ${audience} ${controls === 1 ? 'is' : 'are'} in the control group of an experiment`,
      { hint: '--exclude-control leaves them out; docs/holdouts.md says what they are kept for.' },
    );
  }
  const addresses = await addressesOf(warehouse, members, { deleted: false });
  const leftOut: Record<string, number> = {};
  const allowed = rows.filter((row) => {
    const reason = refusalOf(row, project.activation.consent, addresses.has(row.person_id));
    if (reason !== null) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    return reason === null;
  });
  const change = await changeOf(
    warehouse,
    new Set(allowed.map(({ person_id }) => person_id)),
    await exportedItems(warehouse, destination.name, list),
  );
  const added = change.added.flatMap((person) => addresses.get(person) ?? []);
  const staying = allowed.flatMap(({ person_id }) => addresses.get(person_id) ?? []);
  const removed = await leaving(warehouse, change.removed, staying);
  return {
    list,
    items: [
      ...change.added.map((itemId) => ({ itemId, change: 'added' as const })),
      ...change.removed.map(({ itemId }) => ({ itemId, change: 'removed' as const })),
    ],
    files: destination.open.audience({ audience, added, removed }),
    leftOut,
    ended: 0,
  };
}

// --- internal ---

interface MemberRow {
  person_id: string;
  consent: ConsentState;
  is_test: boolean;
  is_control: boolean;
}

interface Leaver {
  /** The name under which the person was handed out. */
  itemId: string;
  /** The name now. */
  person: string;
}

async function requireAudience(warehouse: Warehouse, audience: string): Promise<void> {
  const rows = await warehouse.query<{ audience: string }>(
    'select distinct audience from core.audience_members order by audience',
  );
  if (rows.some((row) => row.audience === audience)) return;
  throw new RevopsError('USAGE', `there is no audience ${JSON.stringify(audience)}, or nobody is in it`, {
    hint: `There are: ${rows.map((row) => row.audience).join(', ') || 'none'}. docs/activation.md says how to make one.`,
  });
}

function refusalOf(
  { consent, is_test, is_control }: MemberRow,
  rule: Project['activation']['consent'],
  hasAddress: boolean,
): string | null {
  if (is_control) return 'control_group';
  if (is_test) return 'test_address';
  if (consent === 'refused') return 'consent_refused';
  if (rule === 'required' && consent !== 'granted') return 'consent_unknown';
  return hasAddress ? null : 'no_address';
}

/** Against the people handed out before, by the names they have now. */
async function changeOf(
  warehouse: Warehouse,
  wanted: ReadonlySet<string>,
  told: ReadonlyMap<string, string>,
): Promise<{ added: string[]; removed: Leaver[] }> {
  const names = await namesNow(warehouse, [...told.keys()]);
  const there = new Set(names.map(({ person }) => person));
  return {
    added: [...wanted].filter((person) => !there.has(person)),
    removed: names.filter(({ person }) => !wanted.has(person)),
  };
}

async function namesNow(warehouse: Warehouse, ids: readonly string[]): Promise<Leaver[]> {
  const found: Leaver[] = [];
  for (let from = 0; from < ids.length; from += IDS) {
    const values = ids
      .slice(from, from + IDS)
      .map(literal)
      .join(', ');
    found.push(
      // oxlint-disable-next-line no-await-in-loop -- one connection
      ...(await warehouse.query<Leaver>(
        `select node as "itemId", component as person from core.identity where node in (${values})`,
      )),
    );
  }
  const known = new Map(found.map((one) => [one.itemId, one]));
  return ids.map((itemId) => known.get(itemId) ?? { itemId, person: itemId });
}

const IDS = 1_000;

/** Addresses of who goes; not those that somebody has who stays. */
async function leaving(
  warehouse: Warehouse,
  leavers: readonly Leaver[],
  staying: readonly OutgoingPerson[],
): Promise<OutgoingPerson[]> {
  if (leavers.length === 0) return [];
  const names = leavers.map(({ person }) => `select ${literal(person)} as person_id`);
  const addresses = await addressesOf(warehouse, names.join(' union '), { deleted: true });
  const kept = new Set(staying.flatMap(({ emails, phones }) => [...emails, ...phones]));
  return [...addresses.values()]
    .map(({ emails, phones }) => ({
      emails: emails.filter((email) => !kept.has(email)),
      phones: phones.filter((phone) => !kept.has(phone)),
    }))
    .filter(({ emails, phones }) => emails.length + phones.length > 0);
}
