/*
description: >-
  Billing systems that gave back more than the allowed share of what they were paid: documents of the last 90 days, at least
  twenty, or of the last seven days, where as few as there are prove it (`proven_share`). Customers that were refunded are
  none any more, and the CAC of their month rises after it was reported. One row per billing system.
grain: [subject]
tags: [data]
check:
  remedy: "Ask who refunds, and why; `revops query \"select * from conversion_reversals where cause = 'refunded'\"` has the customers that are none any more."
columns:
  subject: { type: text, description: Billing system., tests: [not_null, unique] }
  day: { type: date, description: Day of the latest refund., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many., tests: [not_null] }
  documents: { type: bigint, description: Refunded documents., tests: [not_null] }
*/
with documents as (
  select
    invoices.source,
    'paid' as kind,
    invoices.document_id,
    coalesce(local_date(invoices.paid_at, settings.time_zone), invoices.issued_date) as day
  from invoices
  cross join settings
  where invoices.document_type in ('invoice', 'charge')
    and invoices.status in ('paid', 'succeeded')
    and not invoices.is_deleted

  union all

  select source, 'refunded', coalesce(parent_id, document_id), issued_date
  from invoices
  where document_type in ('refund', 'credit_note')
    and coalesce(status, '') not in ('draft', 'pending', 'failed', 'void')
    and not is_deleted
),

counted as (
  select
    documents.source,
    spans.days,
    count(distinct case when documents.kind = 'paid' then documents.document_id end) as paid,
    count(distinct case when documents.kind = 'refunded' then documents.document_id end) as refunded,
    max(case when documents.kind = 'refunded' then documents.day end) as last_date
  from documents
  cross join clock
  cross join (values (7), (90)) as spans(days)
  where documents.day > clock.today - spans.days
    and documents.day <= clock.today
  group by documents.source, spans.days
),

told as (
  select
    counted.*,
    row_number() over (partition by counted.source order by counted.days desc nulls last) as place
  from counted
  cross join check_settings
  where (counted.days = 90 and counted.paid >= 20 and counted.refunded > check_settings.most_refunded * counted.paid)
    or proven_share(counted.refunded, counted.paid) > check_settings.most_refunded
)

select
  source as subject,
  last_date as day,
  'warning' as severity,
  cast(refunded as text) || ' documents given back while ' || cast(paid as text) || ' were paid, in ' || cast(days as text) || ' days' as detail,
  refunded as documents
from told
where place = 1
