/*
description: >-
  Companies that are one in all CRMs, and how that is known: by a mail domain that they have to themselves in their CRM, else
  by people who belong to them. Names join none. One row per source and company.
grain: [source, company_id]
key: mail_domain
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company in the CRM., tests: [not_null] }
  mail_domain: { type: text, description: The domain by which it is known; NULL where only people join it. }
  owner_id: { type: text, description: "The company in all CRMs: company: and its domain, else the CRM and the id of the oldest.", tests: [not_null] }
  known_by: { type: text, description: domain or people., tests: [not_null, { accepted_values: [domain, people] }] }
*/
select source, company_id, mail_domain, 'company:' || mail_domain as owner_id, 'domain' as known_by
from company_domains

union all

select source, company_id, mail_domain, owner_id, 'people' as known_by
from joined_companies
