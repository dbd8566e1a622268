/*
description: >-
  Whose an ad click is: the device that carried its id first, since links are passed on with the id in them, and the contact
  it is stored on, which is one in each CRM. One row per click id.
grain: [identifier]
key: identifier
columns:
  identifier: { type: text, description: "click:, the kind of click id and the id.", tests: [not_null] }
  device: { type: text, description: The device that carried it first; NULL where none did. }
  contact: { type: text, description: "The contact it is stored on, of several CRMs the one whose name is first; NULL where none, or two of one CRM." }
  is_shared: { type: boolean, description: "Whether it was seen with two contacts of one CRM, or two users, e-mails or phones: then it joins nobody.", tests: [not_null] }
*/
with seen_with as (
  select
    identifier,
    other_identifier,
    split_part(other_identifier, ':', 1) as other_type,
    row_number() over (
      partition by identifier, split_part(other_identifier, ':', 1)
      order by
        case when starts_with(other_identifier, 'device:') then first_seen_at end nulls last,
        byte_order(other_identifier)
    ) as place,
    -- each CRM has its own contact of a person
    row_number() over (
      partition by
        identifier,
        split_part(other_identifier, ':', 1),
        case when starts_with(other_identifier, 'contact:') then split_part(other_identifier, ':', 2) end
      order by byte_order(other_identifier)
    ) as place_of_kind
  from identifier_links
  where starts_with(identifier, 'click:')
)

select
  identifier,
  max(case when other_type = 'device' and place = 1 then other_identifier end) as device,
  case
    when max(case when other_type = 'contact' then place_of_kind end) = 1
      then max(case when other_type = 'contact' and place = 1 then other_identifier end)
  end as contact,
  coalesce(max(case when other_type in ('contact', 'user', 'email', 'phone') then place_of_kind end) > 1, false) as is_shared
from seen_with
group by identifier
