/**
 * What every rule-based model gives the touches of the simulated company's customers, from its truth alone: the touches, the
 * contacts of each won deal, when these became leads and the deal an opportunity.
 */
import type { CrmObject, World } from '../../fixtures/world/index.ts';
import { ATTRIBUTION_MODELS } from '../../src/project/config.ts';
import type { Row } from '../../src/warehouse/types.ts';
import { oracleCredits, type OracleConversion, type OracleTouch } from '../attribution/oracle.ts';

/** Those that follow from a path by itself. */
export const RULES = ATTRIBUTION_MODELS.filter((model) => model !== 'markov' && model !== 'shapley');

/** Credit by win, touch and model: `deal, won at, channel, touched at, model`. */
export type Credits = Map<string, number>;

/** `settings` are those of `worldFeeds`. */
export function trueCredits(world: World, now: string): Credits {
  const view = world.at(now);
  const touches: OracleTouch[] = [...world.truth.touches(now)].map(({ contactId, at, channel }) => ({
    id: `${channel}, ${instant(at)}, ${contactId}`,
    person: contactId,
    channel,
    at: Date.parse(at),
  }));
  const living = view.crmObjects('contacts').filter(({ isArchived }) => !isArchived);
  const contacts = new Map(living.map((contact) => [contact.id, contact]));
  const leads = living.map(({ id, createdAt }) => milestone('lead', id, [id], null, createdAt));
  const wins = world.truth.customers(now).map(({ dealId, companyId, wonAt }): OracleConversion => {
    const onDeal = linked('deals', dealId);
    const people =
      onDeal.length > 0 ? onDeal : linked('companies', companyId).filter(({ createdAt }) => createdAt < wonAt);
    const ids = people.map(({ id }) => id);
    return milestone('customer', `${dealId}, ${instant(wonAt)}`, ids, dealId, wonAt);
  });
  const deals = view.crmObjects('deals').map(({ id, createdAt }) => milestone('opportunity', id, [], id, createdAt));
  const credits: Credits = new Map();
  const options = {
    lookbackDays: 90,
    halfLifeDays: 7,
    position: { first: 0.4, last: 0.4 },
    w: { first: 0.3, lead: 0.3, opportunity: 0.3 },
  };
  for (const win of wins) {
    const own = touches.filter(({ person }) => win.people.includes(person));
    const before = [...leads.filter(({ people }) => win.people.includes(people[0]!)), ...deals, win];
    for (const [key, credit] of oracleCredits(own, before, options)) {
      const model = RULES.find((rule) => key.startsWith(`${win.id} `) && key.endsWith(` ${rule}`));
      if (model === undefined) continue;
      const touch = key.slice(win.id.length + 1, -model.length - 1);
      add(
        credits,
        [win.id, ...(touch === '(unattributed)' ? [touch, ''] : touch.split(', ').slice(0, 2)), model],
        credit,
      );
    }
  }
  return credits;

  function linked(type: 'deals' | 'companies', id: string): CrmObject[] {
    return view.associations(type, id, 'contacts').flatMap(({ toId }) => contacts.get(toId) ?? []);
  }
}

/** The same of rows of `deal_id`, `converted_at`, `channel`, `occurred_at`, `attribution_model` and `credit`. */
export function foundCredits(rows: readonly Row[]): Credits {
  const credits: Credits = new Map();
  for (const row of rows) {
    const at = row['occurred_at'] === null ? '' : instant(String(row['occurred_at']));
    const win = `${String(row['deal_id'])}, ${instant(String(row['converted_at']))}`;
    add(credits, [win, String(row['channel']), at, String(row['attribution_model'])], Number(row['credit']));
  }
  return credits;
}

/** The keys whose credits are further apart than 1e-9. */
export function otherCredits(one: Credits, other: Credits): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((key) => Math.abs((one.get(key) ?? 0) - (other.get(key) ?? 0)) > 1e-9)
    .map((key) => `${key}: ${one.get(key) ?? 0}, truly ${other.get(key) ?? 0}`);
}

// --- internal ---

function milestone(
  type: string,
  id: string,
  people: readonly string[],
  deal: string | null,
  at: string,
): OracleConversion {
  return { id, type, people, deal, at: Date.parse(at) };
}

function add(credits: Credits, key: readonly string[], credit: number): void {
  const text = key.join(', ');
  credits.set(text, (credits.get(text) ?? 0) + credit);
}

function instant(at: string): string {
  return new Date(at).toISOString();
}
