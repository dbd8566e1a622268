/*
description: >-
  Every e-mail address as it was written somewhere, and the identifier it is: the key of its normal form, which no secret
  of the project's can be read from. One row per written address.
grain: [email]
key: email
columns:
  email: { type: text, description: "The address, as written.", tests: [not_null] }
  identifier: { type: text, description: "email: and its key; NULL where it is no address, or the config names no secret." }
  mailbox: { type: text, description: "mailbox: and the key of the mailbox it leads to; NULL unless the config joins such addresses." }
  domain: { type: text, description: "Its domain, lower case, as in the DNS; NULL where it is no address." }
  unusable_because: { type: text, description: "Why it joins nobody: null_like, invalid, no_secret, role_address or test_domain; NULL where it may.", tests: [{ accepted_values: [null_like, invalid, no_secret, role_address, test_domain] }] }
*/
with written as (
  select email from contacts_feed where email is not null
  union
  select email from events where email is not null
),

addresses as (
  select
    email,
    lower(trim(email)) as email_text,
    email_address(email) as address
  from written
),

parts as (
  select
    email,
    email_text,
    address,
    split_part(address, '@', 1) as local_part,
    split_part(address, '@', 2) as domain
  from addresses
)

select
  parts.email,
  case when null_like_values.value is null then 'email:' || identity_key(parts.address) end as identifier,
  case
    when not identity_settings.joins_mailbox_aliases or null_like_values.value is not null then null
    when parts.domain in ('gmail.com', 'googlemail.com')
      then 'mailbox:' || identity_key(replace(split_part(parts.local_part, '+', 1), '.', '') || '@gmail.com')
    else 'mailbox:' || identity_key(split_part(parts.local_part, '+', 1) || '@' || parts.domain)
  end as mailbox,
  parts.domain,
  case
    when null_like_values.value is not null or parts.email_text = '' then 'null_like'
    when parts.address is null then 'invalid'
    when identity_settings.key_id is null then 'no_secret'
    when role_addresses.local_part is not null then 'role_address'
    when exists (
      select 1
      from test_domains
      where parts.domain = test_domains.domain
        or right(parts.domain, length(test_domains.domain) + 1) = '.' || test_domains.domain
    ) then 'test_domain'
  end as unusable_because
from parts
cross join identity_settings
left join null_like_values
  on null_like_values.value = parts.email_text
left join role_addresses
  on role_addresses.local_part = split_part(parts.local_part, '+', 1)
