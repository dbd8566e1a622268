/*
description: >-
  Every phone number as it was written somewhere, and the identifier it is: the key of its form E.164. One row per written
  number.
grain: [phone]
key: phone
columns:
  phone: { type: text, description: "The number, as written.", tests: [not_null] }
  identifier: { type: text, description: "phone: and its key; NULL where it is no number, or the config names no secret." }
  unusable_because: { type: text, description: "Why it joins nobody: null_like, invalid (also a national number where no country is configured) or no_secret; NULL where it may.", tests: [{ accepted_values: [null_like, invalid, no_secret] }] }
*/
with written as (
  select phone from contacts_feed where phone is not null
  union
  select phone from events where phone is not null
),

numbers as (
  select
    written.phone,
    phone_number(
      written.phone, calling_codes.calling_code, calling_codes.trunk_prefix, calling_codes.international_prefix
    ) as number,
    identity_settings.key_id
  from written
  cross join identity_settings
  left join calling_codes
    on calling_codes.country = identity_settings.default_country
)

select
  numbers.phone,
  case when null_like_values.value is null then 'phone:' || identity_key(numbers.number) end as identifier,
  case
    when null_like_values.value is not null or trim(numbers.phone) = '' then 'null_like'
    when numbers.number is null then 'invalid'
    when numbers.key_id is null then 'no_secret'
  end as unusable_because
from numbers
left join null_like_values
  on null_like_values.value = lower(trim(numbers.phone))
