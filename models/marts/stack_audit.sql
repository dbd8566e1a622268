/*
description: >-
  The state of the systems that feed the warehouse, in numbers, whatever is allowed: sources that came to an end, contacts
  that are there twice, contacts whose source nobody knows, fields of contacts and deals that nobody fills. One row per measure and subject.
grain: [measure, subject]
columns:
  measure: { type: text, description: "dead_source: hours since its data ends, of those allowed; duplicate_contacts, unknown_source: contacts, of all of the CRM (of the last 90 days); unused_field: records that have it, of all.", tests: [not_null, { accepted_values: [dead_source, duplicate_contacts, unknown_source, unused_field] }] }
  subject: { type: text, description: "Connector and stream; CRM; CRM and field.", tests: [not_null] }
  found: { type: double, description: What is found; NULL for a source that was never loaded. }
  out_of: { type: double, description: Out of how much., tests: [not_null] }
  share: { type: double, description: found over out_of; NULL where either says nothing. }
  is_bad: { type: boolean, description: "Whether it is more than the checks allow: a stale source, too many duplicates; of unknown sources more than a tenth; a field that none of twenty records or more has.", tests: [not_null] }
*/
with ages as (
  select
    source_coverage.connector || '.' || source_coverage.stream
      || case when source_coverage.account_id = '' then '' else ' ' || source_coverage.account_id end as subject,
    seconds_between(
      coalesce(source_coverage.covered_until, day_start(source_coverage.covered_to + 1, source_coverage.time_zone)),
      clock.now_at
    ) / cast(3600 as double precision) as hours,
    cast(coalesce(source_coverage.sla_hours, check_settings.freshness_hours) as double precision) as allowed
  from source_coverage
  cross join check_settings
  cross join clock
  where source_coverage.feed is not null
    and source_coverage.feed not in ('fx_rates', 'fixed_costs')
),

counted_contacts as (
  select contacts.source, count(*) as contacts, count(duplicate_contacts.contact_id) as duplicates
  from contacts
  left join duplicate_contacts
    on duplicate_contacts.source = contacts.source
    and duplicate_contacts.contact_id = contacts.contact_id
  where not contacts.is_deleted
  group by contacts.source
),

recent_contacts as (
  select
    contacts.source,
    count(*) as contacts,
    count(*) filter (
      where coalesce(channel_by_crm_source.channel, 'Unassigned') = 'Unassigned'
        and coalesce(people.original_channel, 'Unassigned') = 'Unassigned'
    ) as unknown
  from contacts
  cross join settings
  cross join clock
  left join channel_by_crm_source
    on channel_by_crm_source.crm_source = contacts.original_source
  left join people
    on people.person_id = contacts.person_id
  where not contacts.is_deleted
    and local_date(contacts.created_at, settings.time_zone) > clock.today - 90
  group by contacts.source
),

filled_contacts as (
  select
    source,
    count(*) as records,
    count(email) as emails,
    count(phone) as phones,
    count(company_id) as companies,
    count(lifecycle_stage) as lifecycle_stages,
    count(original_source) as original_sources
  from contacts
  where not is_deleted
  group by source
),

filled_deals as (
  select
    source,
    count(*) as records,
    count(amount) as amounts,
    count(company_id) as companies,
    count(owner_id) as owners,
    count(close_date_at) as close_dates
  from deals
  where not is_deleted
  group by source
),

fields as (
  select
    filled_contacts.source || ' contacts.' || names.field as subject,
    case names.field
      when 'email' then filled_contacts.emails
      when 'phone' then filled_contacts.phones
      when 'company_id' then filled_contacts.companies
      when 'lifecycle_stage' then filled_contacts.lifecycle_stages
      else filled_contacts.original_sources
    end as filled,
    filled_contacts.records
  from filled_contacts
  cross join (values ('email'), ('phone'), ('company_id'), ('lifecycle_stage'), ('original_source')) as names(field)

  union all

  select
    filled_deals.source || ' deals.' || names.field,
    case names.field
      when 'amount' then filled_deals.amounts
      when 'company_id' then filled_deals.companies
      when 'owner_id' then filled_deals.owners
      else filled_deals.close_dates
    end,
    filled_deals.records
  from filled_deals
  cross join (values ('amount'), ('company_id'), ('owner_id'), ('close_date_at')) as names(field)
)

select
  'dead_source' as measure,
  subject,
  hours as found,
  allowed as out_of,
  cast(hours as double precision) / allowed as share,
  coalesce(hours > allowed, true) as is_bad
from ages

union all

select
  'duplicate_contacts',
  counted_contacts.source,
  cast(counted_contacts.duplicates as double precision),
  cast(counted_contacts.contacts as double precision),
  cast(counted_contacts.duplicates as double precision) / cast(counted_contacts.contacts as double precision),
  counted_contacts.duplicates > check_settings.most_duplicates * counted_contacts.contacts
from counted_contacts
cross join check_settings

union all

select
  'unknown_source',
  source,
  cast(unknown as double precision),
  cast(contacts as double precision),
  cast(unknown as double precision) / cast(contacts as double precision),
  10 * unknown > contacts
from recent_contacts

union all

select
  'unused_field',
  subject,
  cast(filled as double precision),
  cast(records as double precision),
  cast(filled as double precision) / cast(records as double precision),
  filled = 0 and records >= 20
from fields
