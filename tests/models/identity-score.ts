/**
 * How well identities were found: pairs of identifiers that are one person's, and whose each event is, against the truth of
 * the simulated company.
 */
import type { World } from '../../fixtures/world/index.ts';
import type { Row } from '../../src/warehouse/types.ts';

export interface IdentityScore {
  /** Identifiers whose person is known in truth: contacts, users, e-mails, phones, clicks and devices of one person. */
  identifiers: number;
  people: number;
  /** Pairs of identifiers taken for one person's, and how many of them are. */
  pairsFound: number;
  pairsRight: number;
  precision: number;
  /** Pairs that are one person's and of which both were told together with something that tells who it is. */
  pairsTellable: number;
  recall: number;
  /** The same over all devices, also those on which nobody ever told who it was: more than any system can find. */
  pairsTrue: number;
  recallOfAll: number;
  /** Found people who are two or more. */
  wrongMerges: number;
  events: number;
  /** Of events taken for a known person's, those that are. */
  eventPrecision: number;
  /** Of events of contacts, those found to be theirs. */
  eventRecall: number;
}

/** Rows of what the models found. */
export interface FoundIdentities {
  /** identifier, person_id */
  identifiers: readonly Row[];
  /** email, identifier */
  emailKeys: readonly Row[];
  /** phone, identifier */
  phoneKeys: readonly Row[];
  /** event_id, person_id */
  eventPeople: readonly Row[];
}

/** Compares with the truth as of an instant. */
export function scoreIdentities(world: World, now: string, found: FoundIdentities): IdentityScore {
  const { truth, tellable } = truePeople(world, now, found);
  const personOf = new Map(found.identifiers.map((row) => [String(row['identifier']), textOf(row['person_id'])]));
  const known = [...truth].filter(([identifier]) => personOf.has(identifier));
  const pairsFound = pairsIn(known.flatMap(([identifier]) => personOf.get(identifier) ?? []));
  const pairsRight = pairsIn(
    known.flatMap(([identifier, person]) => {
      const component = personOf.get(identifier) ?? null;
      return component === null ? [] : [`${component} ${person}`];
    }),
  );
  const tellables = known.filter(([identifier]) => tellable.has(identifier));
  const rightOfTellable = pairsIn(
    tellables.flatMap(([identifier, person]) => {
      const component = personOf.get(identifier) ?? null;
      return component === null ? [] : [`${component} ${person}`];
    }),
  );
  const pairsTrue = pairsIn(known.map(([, person]) => person));
  const pairsTellable = pairsIn(tellables.map(([, person]) => person));
  const merged = Map.groupBy(
    known.flatMap(([identifier, person]) => {
      const component = personOf.get(identifier) ?? null;
      return component === null ? [] : [{ component, person }];
    }),
    ({ component }) => component,
  );
  return {
    identifiers: known.length,
    people: new Set(known.map(([, person]) => person)).size,
    pairsFound,
    pairsRight,
    precision: pairsFound === 0 ? 1 : pairsRight / pairsFound,
    pairsTellable,
    recall: pairsTellable === 0 ? 1 : rightOfTellable / pairsTellable,
    pairsTrue,
    recallOfAll: pairsTrue === 0 ? 1 : pairsRight / pairsTrue,
    wrongMerges: [...merged.values()].filter((rows) => new Set(rows.map(({ person }) => person)).size > 1).length,
    ...scoreEvents(world, now, found, personOf),
  };
}

// --- internal ---

const FAR_FUTURE = '2099-01-01T00:00:00.000Z';

/** Whose each identifier is; and which of them were ever told together with something that tells who it is. */
function truePeople(
  world: World,
  now: string,
  { emailKeys, phoneKeys }: FoundIdentities,
): { truth: Map<string, string>; tellable: Set<string> } {
  const emails = new Map(emailKeys.map((row) => [String(row['email']), textOf(row['identifier'])]));
  const phones = new Map(phoneKeys.map((row) => [String(row['phone']), textOf(row['identifier'])]));
  const truth = new Map<string, string>();
  const tellable = new Set<string>();
  const survivors = survivorsOf(world);
  const several = new Set<string>();
  const say = (identifier: string | null | undefined, person: string): void => {
    if (identifier === null || identifier === undefined) return;
    const before = truth.get(identifier);
    if (before !== undefined && before !== person) several.add(identifier);
    truth.set(identifier, person);
  };
  const stored = new Set<string>();
  for (const { id, properties } of world.at(now).crmObjects('contacts')) {
    const person = survivors.get(id) ?? id;
    const { email, phone, gclid, fbclid } = properties;
    const carried = [
      emails.get(email ?? ''),
      phones.get(phone ?? ''),
      gclid === null || gclid === undefined ? null : `click:gclid:${gclid}`,
      fbclid === null || fbclid === undefined ? null : `click:fbclid:${fbclid}`,
    ];
    for (const identifier of [`contact:hubspot:${id}`, ...carried]) {
      say(identifier, person);
      if (identifier !== null && identifier !== undefined) tellable.add(identifier);
    }
    for (const click of [gclid, fbclid]) if (click !== null && click !== undefined) stored.add(click);
  }
  const people = new Map(world.truth.webEventPeople(now).map(({ eventId, personId }) => [eventId, personId]));
  for (const event of world.at(now).webEvents()) {
    const eventId = event.messageId ?? `${event.source}:${event.eventId}`;
    if (!people.has(eventId)) continue;
    const personId = people.get(eventId) ?? null;
    const device = event.anonymousId === null ? null : `device:${event.anonymousId}`;
    // a stranger has one device
    const person = personId === null ? `stranger ${device ?? eventId}` : (survivors.get(personId) ?? personId);
    const isRole = event.email?.trim().toLowerCase().startsWith('info@') === true;
    const own = [
      event.userId === null ? null : `user:${event.userId}`,
      event.email === null || isRole ? null : emails.get(event.email),
      event.phone === null ? null : phones.get(event.phone),
    ];
    for (const identifier of [device, ...own]) say(identifier, person);
    const tells = own.some((identifier) => identifier !== null && identifier !== undefined);
    const clicked = ['gclid', 'fbclid'].map((name) => parameterOf(event.url, name));
    if (tells || clicked.some((click) => click !== null && stored.has(click))) {
      for (const identifier of [device, ...own])
        if (identifier !== null && identifier !== undefined) tellable.add(identifier);
    }
  }
  // what two people share is nobody's
  for (const identifier of several) truth.delete(identifier);
  return { truth, tellable };
}

/** Contacts that are merged into another one, some of them only later than the instant asked for. */
function survivorsOf(world: World): Map<string, string> {
  return new Map(
    world
      .at(FAR_FUTURE)
      .crmObjects('contacts')
      .flatMap(({ id, mergedIds }) => mergedIds.map((merged) => [merged, id] as const)),
  );
}

function scoreEvents(
  world: World,
  now: string,
  { eventPeople }: FoundIdentities,
  personOf: ReadonlyMap<string, string | null>,
): Pick<IdentityScore, 'events' | 'eventPrecision' | 'eventRecall'> {
  const survivors = survivorsOf(world);
  const contacts = new Set(
    [...personOf].flatMap(([identifier, person]) => (identifier.startsWith('contact:') ? [person] : [])),
  );
  const found = new Map(eventPeople.map((row) => [String(row['event_id']), textOf(row['person_id'])]));
  let [events, taken, right, theirs] = [0, 0, 0, 0];
  for (const { eventId, personId } of world.truth.webEventPeople(now)) {
    if (!found.has(eventId)) continue;
    events += 1;
    const person = found.get(eventId) ?? null;
    const isContact = person !== null && contacts.has(person);
    const wanted =
      personId === null ? null : (personOf.get(`contact:hubspot:${survivors.get(personId) ?? personId}`) ?? null);
    if (wanted !== null) theirs += 1;
    if (isContact) taken += 1;
    if (isContact && person === wanted) right += 1;
  }
  return { events, eventPrecision: taken === 0 ? 1 : right / taken, eventRecall: theirs === 0 ? 1 : right / theirs };
}

/** Pairs of equal texts. */
function pairsIn(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

function parameterOf(url: string | null, name: string): string | null {
  return url === null || !URL.canParse(url) ? null : new URL(url).searchParams.get(name);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
