/**
 * What the warehouse knows of a person.
 */
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';

export interface PersonFacts {
  /** The identifier asked for. */
  identifier: string;
  /** Null where it is nobody's: `reason` then says why. */
  person_id: string | null;
  reason: string | null;
  /** The row of `people`; null where the identifier is nobody's. */
  person: Row | null;
  identifiers: {
    identifier: string;
    identifier_type: string;
    first_seen_at: string | null;
    last_seen_at: string | null;
  }[];
  /** The links that make one person of them. */
  joined_by: Link[];
  /** What the identifiers were seen with, too, and why that joins nothing. */
  not_joined: (Link & { reason: string })[];
  merges: Merge[];
}

export interface Link {
  identifier: string;
  other_identifier: string;
  /** `contact` or `event`. */
  evidence: string;
  /** Source and id of the contact, id of the event. */
  evidence_id: string;
  seen_at: string | null;
}

export interface Merge {
  change: string;
  component_before: string;
  component_after: string;
  nodes: number;
  cause: string;
  cause_node: string | null;
  cause_other: string | null;
  build_id: string;
  noted_at: string;
}

/** All about the person of an identifier. */
export async function personFacts(session: Session, identifier: string): Promise<PersonFacts> {
  const [own] = await session.query<{ person_id: string | null; reason: string | null }>(
    'select person_id, reason from identifiers where identifier = $1',
    [identifier],
  );
  const personId = own?.person_id ?? null;
  // who is nobody stands alone, with what it was seen with
  const members =
    personId === null ? `(select $1 as identifier)` : `(select identifier from identifiers where person_id = $1)`;
  const whose = personId ?? identifier;
  const [person] =
    personId === null ? [] : await session.query('select * from people where person_id = $1', [personId]);
  return {
    identifier,
    person_id: personId,
    reason: own?.reason ?? null,
    person: person ?? null,
    identifiers: await session.query(
      `select identifier, identifier_type, first_seen_at, last_seen_at from identifiers
       where identifier in ${members} order by first_seen_at nulls last, identifier`,
      [whose],
    ),
    joined_by:
      personId === null
        ? []
        : await session.query<Link>(
            `select identifier, other_identifier, evidence, evidence_id, seen_at from identity_edges
             where other_identifier is not null and identifier in ${members} and other_identifier in ${members}
               and not exists (${denial('identity_edges')})
             order by seen_at nulls last, identifier, other_identifier`,
            [whose],
          ),
    not_joined: await session.query<Link & { reason: string }>(
      `select links.identifier, links.other_identifier, links.evidence, links.evidence_id, links.first_seen_at as seen_at,
         case
           when exists (${denial('links')}) then 'denied'
           when own.reason is not null then own.reason
           when other.reason is not null then other.reason
           else 'carried first by another device'
         end as reason
       from identifier_links as links
       left join identifiers as own on own.identifier = links.identifier
       left join identifiers as other on other.identifier = links.other_identifier
       where links.identifier in ${members} and links.other_identifier is not null
         and not exists (
           select 1 from identity_edges as edges
           where ((edges.identifier = links.identifier and edges.other_identifier = links.other_identifier)
               or (edges.identifier = links.other_identifier and edges.other_identifier = links.identifier))
             and not exists (${denial('links')})
         )
       order by seen_at nulls last, links.identifier, links.other_identifier`,
      [whose],
    ),
    merges: await session.query<Merge>(
      `select change, component_before, component_after, nodes, cause, cause_node, cause_other, build_id, noted_at
       from identity_merges where component_before = $1 or component_after = $1
       order by noted_at, component_before, component_after`,
      [whose],
    ),
  };
}

// --- internal ---

/** Whether somebody denied a link, either way round. */
function denial(link: string): string {
  return `select 1 from denied_identifiers as denied
    where (denied.identifier = ${link}.identifier and denied.other_identifier = ${link}.other_identifier)
      or (denied.identifier = ${link}.other_identifier and denied.other_identifier = ${link}.identifier)`;
}
