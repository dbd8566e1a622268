/**
 * Who people are to a platform, and whether anything about them may leave.
 */
import type { OutgoingClick, OutgoingPerson } from '../connector/destination.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';

/** What the last decisions of a person say of advertising; of nobody known, `unknown`. */
export type ConsentState = 'granted' | 'refused' | 'unknown';

/**
 * Common table expressions over a relation `people (person_id)`, which the caller gives as SQL: `consents (person_id,
 * consent)`, and `test_people (person_id)`, of whom an address is at a test domain.
 */
export function permissionsOf(people: string): string {
  return `people as (${people}),
consents as (
  select people.person_id,
    case
      when max(case when not person_consents.is_granted then 1 else 0 end) = 1 then 'refused'
      when max(case when person_consents.purpose = 'advertising' then 1 else 0 end) = 1 then 'granted'
      else 'unknown'
    end as consent
  from people
  left join core.person_consents
    on person_consents.person_id = people.person_id
    and person_consents.purpose in ('advertising', 'all')
  group by people.person_id
),
test_people as (
  select distinct contacts.person_id
  from core.contacts
  inner join people on people.person_id = contacts.person_id
  inner join core.email_keys on email_keys.email = contacts.email
  where email_keys.unusable_because = 'test_domain'
)`;
}

/**
 * Addresses and phones by person, in their normal forms, in the order of their bytes; those that belong to no single person
 * left out. `deleted`: those of deleted contacts, too.
 */
export async function addressesOf(
  session: Session,
  people: string,
  { deleted }: { deleted: boolean },
): Promise<Map<string, OutgoingPerson>> {
  const living = deleted ? '' : 'and not contacts.is_deleted';
  const told = (column: 'email' | 'phone'): string => `
    select contacts.person_id, contacts.${column}
    from core.contacts inner join people on people.person_id = contacts.person_id
    where contacts.${column} is not null ${living}
    union
    select event_people.person_id, events.${column}
    from core.event_people
    inner join people on people.person_id = event_people.person_id
    inner join core.events on events.event_id = event_people.event_id
    where events.${column} is not null`;
  const rows = await session.query<{ person_id: string; kind: 'email' | 'phone'; value: string | null }>(`
with people as (${people}),
told_emails as (${told('email')}),
told_phones as (${told('phone')}),
found as (
  select distinct told_emails.person_id, 'email' as kind, revops.email_address(told_emails.email) as value
  from told_emails
  inner join core.email_keys on email_keys.email = told_emails.email
  where coalesce(email_keys.unusable_because, 'no_secret') = 'no_secret'
  union all
  select distinct told_phones.person_id, 'phone', revops.phone_number(
    told_phones.phone, calling_codes.calling_code, calling_codes.trunk_prefix, calling_codes.international_prefix
  )
  from told_phones
  inner join core.phone_keys on phone_keys.phone = told_phones.phone
  cross join reference.identity_settings
  left join reference.calling_codes on calling_codes.country = identity_settings.default_country
  where coalesce(phone_keys.unusable_because, 'no_secret') = 'no_secret'
)
select person_id, kind, value from found where value is not null`);
  const byPerson = new Map<string, { emails: string[]; phones: string[] }>();
  for (const { person_id, kind, value } of rows) {
    const person = byPerson.get(person_id) ?? { emails: [], phones: [] };
    byPerson.set(person_id, person);
    if (value !== null) person[kind === 'email' ? 'emails' : 'phones'].push(value);
  }
  for (const { emails, phones } of byPerson.values()) {
    emails.sort();
    phones.sort();
  }
  return byPerson;
}

/** The newest click of each type before a conversion, and the newest cookies of its person, by conversion. */
export async function clicksOf(
  session: Session,
  conversions: string,
  { clickTypes, cookies }: { clickTypes: readonly string[]; cookies: readonly string[] },
): Promise<Map<string, OutgoingClick[]>> {
  const parts = [
    ...(clickTypes.length === 0
      ? []
      : [
          `select conversions.conversion_id, touchpoints.click_id_type as type, touchpoints.click_id as id, touchpoints.occurred_at as clicked_at
  from conversions inner join core.touchpoints on touchpoints.person_id = conversions.person_id
  where touchpoints.occurred_at <= conversions.converted_at and touchpoints.click_id_type in (${clickTypes.map(literal).join(', ')})`,
        ]),
    ...cookies.map(
      (
        column,
      ) => `select conversions.conversion_id, ${literal(column)}, events.${identifier(column)}, events.occurred_at
  from conversions
  inner join core.event_people on event_people.person_id = conversions.person_id
  inner join core.events on events.event_id = event_people.event_id
  where events.occurred_at <= conversions.converted_at and events.${identifier(column)} is not null`,
    ),
  ];
  if (parts.length === 0) return new Map();
  const rows = await session.query<{ conversion_id: string; type: string; id: string; clicked_at: string }>(`
with conversions as (${conversions}),
found as (${parts.join('\nunion all\n')}),
ranked as (
  select found.*, row_number() over (partition by conversion_id, type order by clicked_at desc nulls last, revops.byte_order(id)) as place
  from found
)
select conversion_id, type, id, clicked_at from ranked where place = 1 order by conversion_id, type`);
  const byConversion = new Map<string, OutgoingClick[]>();
  for (const { conversion_id, type, id, clicked_at: at } of rows) {
    byConversion.set(conversion_id, [...(byConversion.get(conversion_id) ?? []), { type, id, at }]);
  }
  return byConversion;
}
