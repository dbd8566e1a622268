/**
 * A person as text: who, known by what, joined by what.
 */
import type { Link, Merge, PersonFacts } from './explain-person-rows.ts';
import { minuteOf as instant, shortKey as short } from './shown-id.ts';
import { renderTable } from './table.ts';

export function renderPerson(facts: PersonFacts, width: number): string {
  const { joined_by: joined, not_joined: apart, merges } = facts;
  return [
    ...heading(facts),
    section(
      'Known by',
      ['Identifier', 'First seen', 'Last seen'],
      facts.identifiers.map(({ identifier, first_seen_at: first, last_seen_at: last }) => [
        short(identifier),
        instant(first),
        instant(last),
      ]),
      width,
    ),
    section('Joined by', ['Identifier', 'With', 'Told by', 'Since'], joined.map(linkCells), width),
    section(
      'Seen with, and not joined',
      ['Identifier', 'With', 'Why not', 'Told by', 'Since'],
      apart.map((link) => {
        const [identifier = '', other = '', evidence = '', since = ''] = linkCells(link);
        return [identifier, other, WHY[link.reason] ?? link.reason, evidence, since];
      }),
      width,
    ),
    section(
      'What became of it',
      ['When', 'Build', 'Change', 'From', 'To', 'Because'],
      merges.map((merge) => [
        instant(merge.noted_at),
        merge.build_id,
        merge.change,
        short(merge.component_before),
        short(merge.component_after),
        causeOf(merge),
      ]),
      width,
    ),
    'Times are UTC. Keys of e-mails and phones are shortened; --json has them whole.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

// --- internal ---

/** Reasons in words. */
const WHY: Record<string, string> = {
  denied: 'denied by the project',
  shared: 'several people use it',
  too_many_identities: 'of too many contacts and users',
  too_many_devices: 'on too many devices',
  role_address: 'the address of a role',
  test_domain: 'an address of a test domain',
};

function heading({ identifier, person_id: id, reason, person }: PersonFacts): string[] {
  if (id === null) return [`${short(identifier)} is nobody's: ${WHY[reason ?? ''] ?? reason ?? 'unknown'}.`];
  const company = textOf(person?.['company_id']);
  const channel = textOf(person?.['original_channel']);
  const told = [
    ...(company === null ? [] : [`company ${company} (confidence ${Number(person?.['company_confidence'])})`]),
    ...(channel === null ? [] : [`first came by ${channel}, ${instant(textOf(person?.['original_at']))}`]),
  ];
  return [[`Person ${short(id)}`, ...told].join('\n')];
}

function section(title: string, columns: string[], rows: string[][], width: number): string {
  if (rows.length === 0) return '';
  return `${title}\n${renderTable(
    columns.map((column) => ({ title: column })),
    rows,
    width,
  )}`;
}

function linkCells({ identifier, other_identifier: other, evidence, evidence_id: id, seen_at: at }: Link): string[] {
  return [short(identifier), short(other), `${evidence} ${id}`, instant(at)];
}

function causeOf({ cause, cause_node: node, cause_other: other }: Merge): string {
  return node === null ? cause : `${cause}: ${short(node)} – ${short(other ?? '')}`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
