/*
description: >-
  The domains under which a contact's company may be known: that of its e-mail, and those above it. Free mail, test domains
  and what is no address have none. One row per contact and domain.
grain: [source, contact_id, mail_domain]
key: [source, contact_id]
lookups:
  email_keys: { email: contacts_feed.email }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact in the CRM., tests: [not_null] }
  mail_domain: { type: text, description: "Domain, lower case, as in the DNS.", tests: [not_null] }
  levels_above: { type: integer, description: "0 for the domain of the address itself.", tests: [not_null] }
*/
with addresses as (
  select
    contacts_feed.source,
    contacts_feed.contact_id,
    email_keys.domain,
    length(email_keys.domain) - length(replace(email_keys.domain, '.', '')) as dots
  from contacts_feed
  inner join email_keys
    on email_keys.email = contacts_feed.email
  left join free_mail_domains
    on free_mail_domains.domain = email_keys.domain
  where free_mail_domains.domain is null
    and email_keys.domain is not null
    and (email_keys.unusable_because is null or email_keys.unusable_because in ('role_address', 'no_secret'))
),

levels as (
  select 0 as levels_above
  union all
  select 1
  union all
  select 2
)

select
  addresses.source,
  addresses.contact_id,
  case levels.levels_above
    when 0 then addresses.domain
    when 1 then substr(addresses.domain, strpos(addresses.domain, '.') + 1)
    else substr(
      substr(addresses.domain, strpos(addresses.domain, '.') + 1),
      strpos(substr(addresses.domain, strpos(addresses.domain, '.') + 1), '.') + 1
    )
  end as mail_domain,
  levels.levels_above
from addresses
inner join levels
  on levels.levels_above < addresses.dots
