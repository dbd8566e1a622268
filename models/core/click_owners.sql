/*
description: >-
  Whose an ad click is: the device that carried its id first, since links are passed on with the id in them, and the contact
  it is stored on. One row per click id.
grain: [identifier]
key: identifier
columns:
  identifier: { type: text, description: "click:, the kind of click id and the id.", tests: [not_null] }
  device: { type: text, description: The device that carried it first; NULL where none did. }
  contact: { type: text, description: The contact it is stored on; NULL where none or several. }
  is_shared: { type: boolean, description: "Whether it was seen with two contacts, users, e-mails or phones: then it joins nobody.", tests: [not_null] }
*/
with seen_with as (
  select
    identifier,
    other_identifier,
    split_part(other_identifier, ':', 1) as other_type,
    row_number() over (
      partition by identifier, split_part(other_identifier, ':', 1)
      order by first_seen_at nulls last, byte_order(other_identifier)
    ) as place
  from identifier_links
  where starts_with(identifier, 'click:')
)

select
  identifier,
  max(case when other_type = 'device' and place = 1 then other_identifier end) as device,
  case
    when max(case when other_type = 'contact' then place end) = 1
      then max(case when other_type = 'contact' then other_identifier end)
  end as contact,
  coalesce(max(case when other_type in ('contact', 'user', 'email', 'phone') then place end) > 1, false) as is_shared
from seen_with
group by identifier
