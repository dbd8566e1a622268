/*
description: >-
  Where a contact comes from by the CRM, and by the first touchpoint of its person, where both are known and the touchpoint
  is more than what the CRM says itself. One row per source and contact.
grain: [source, contact_id]
key: [source, contact_id]
lookups:
  people: { person_id: contacts.person_id }
  touchpoints: { touchpoint_id: people.original_touchpoint_id }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  crm_source: { type: text, description: "Source in the CRM's vocabulary.", tests: [not_null] }
  crm_channel: { type: text, description: "Its channel, by `channel_by_crm_source`.", tests: [not_null] }
  touch_channel: { type: text, description: Channel of the first touchpoint., tests: [not_null] }
  touchpoint_id: { type: text, description: The first touchpoint., tests: [not_null] }
  is_same: { type: boolean, description: "Whether both are one channel, or one kind of channel (`channel_kinds`).", tests: [not_null] }
  created_at: { type: timestamptz, description: When the contact was created. }
*/
select
  contacts.source,
  contacts.contact_id,
  contacts.original_source as crm_source,
  channel_by_crm_source.channel as crm_channel,
  people.original_channel as touch_channel,
  people.original_touchpoint_id as touchpoint_id,
  coalesce(crm_kinds.kind, channel_by_crm_source.channel) = coalesce(touch_kinds.kind, people.original_channel) as is_same,
  contacts.created_at
from contacts
inner join channel_by_crm_source
  on channel_by_crm_source.crm_source = contacts.original_source
inner join people
  on people.person_id = contacts.person_id
inner join touchpoints
  on touchpoints.touchpoint_id = people.original_touchpoint_id
left join channel_kinds as crm_kinds
  on crm_kinds.channel = channel_by_crm_source.channel
left join channel_kinds as touch_kinds
  on touch_kinds.channel = people.original_channel
where not contacts.is_deleted
  and touchpoints.origin <> 'crm_source'
