/**
 * `revops explain person <id>`: every identifier of a person, what joined them, and what did not.
 */
import { RevopsError } from '../errors.ts';
import { sessionVariables } from '../project/identity.ts';
import type { Session } from '../warehouse/contract.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext } from './context.ts';
import { renderPerson } from './explain-person-report.ts';
import { personFacts } from './explain-person-rows.ts';
import { openProject, withReader } from './session.ts';
import { shownId } from './shown-id.ts';

export async function explainPerson(context: CommandContext, words: readonly string[]): Promise<void> {
  const asked = words[0]?.trim() ?? '';
  if (asked === '') {
    throw new RevopsError('USAGE', 'explain person needs an id', {
      hint: 'A person, an identifier (contact:hubspot:123), the id of a contact, user or device, an e-mail or a phone number.',
    });
  }
  const project = await openProject(context);
  const canMakeKeys = sessionVariables(project).variables !== undefined;
  const facts = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['core.identifiers']);
    return personFacts(session, await identifierOf(session, asked, canMakeKeys));
  });
  if (context.globals.json) return context.terminal.printJson(facts);
  context.terminal.print(renderPerson(facts, context.terminal.width));
}

// --- internal ---

/** The identifier meant: as written, as an id of some type, or as the key of an e-mail or phone. */
async function identifierOf(session: Session, asked: string, canMakeKeys: boolean): Promise<string> {
  const written = await session.query<{ identifier: string; person_id: string | null }>(
    `select identifier, person_id from identifiers
     where identifier = $1 or identifier in ('user:' || $1, 'device:' || $1) or (identifier_type = 'contact' and split_part(identifier, ':', 3) = $1)
     order by case when identifier = $1 then 0 else 1 end, identifier`,
    [asked],
  );
  const found = written.length > 0 || !canMakeKeys ? written : await byKey(session, asked);
  const [first] = found;
  if (first === undefined) {
    throw new RevopsError('USAGE', `nobody is known under ${shownId(asked)}`, {
      hint: canMakeKeys
        ? 'Give a person, an identifier such as contact:hubspot:123, the id of a contact, user or device, an e-mail or a phone number.'
        : 'E-mails and phones can be looked up only where identity.secret is configured and there.',
    });
  }
  const people = new Set(found.map((row) => row.person_id ?? row.identifier));
  if (first.identifier !== asked && people.size > 1) {
    throw new RevopsError('USAGE', `several people are known under ${shownId(asked)}`, {
      hint: `Give one of: ${found.map(({ identifier }) => identifier).join(', ')}.`,
    });
  }
  return first.identifier;
}

function byKey(session: Session, asked: string): Promise<{ identifier: string; person_id: string | null }[]> {
  return session.query(
    `select identifiers.identifier, identifiers.person_id
     from identifiers
     cross join (select * from identity_settings) as identity_settings
     left join calling_codes on calling_codes.country = identity_settings.default_country
     where identifiers.identifier = 'email:' || revops.identity_key(revops.email_address($1))
       or identifiers.identifier = 'phone:' || revops.identity_key(revops.phone_number($1, calling_codes.calling_code, calling_codes.trunk_prefix, calling_codes.international_prefix))`,
    [asked],
  );
}
