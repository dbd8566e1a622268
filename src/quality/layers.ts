/**
 * The layers that revenue numbers rest on, each on the one before: which stand, which do not and why, and which one binds.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Finding } from './findings.ts';
import { LAYERS, type LayerName } from './layer-names.ts';
import type { Judgement } from './trust.ts';

/** The one row of `readiness`. */
export interface Readiness {
  [column: string]: string | number | boolean | null;
  as_of_date: string;
  has_spend: boolean;
  has_deals: boolean;
  has_events: boolean;
  known_people: number;
  linked_people: number;
  leads: number;
  qualified_leads: number;
  wins: number;
  traced_wins: number;
  monthly_conversions: number;
  spend_channels: number;
  channels: number;
  median_cycle_days: number | null;
  p90_cycle_days: number | null;
  history_weeks: number;
  would_spreadsheet_do: boolean;
}

export interface Layer {
  layer: LayerName;
  /**
   * `green`; `warnings`: it stands, with findings to look at; `red`; `blocked`: a layer before it is red; `ready`: nothing
   * is in its way, and nothing of it is measured here.
   */
  state: 'green' | 'warnings' | 'red' | 'blocked' | 'ready';
  /** What makes it red or blocked, for people. */
  because: string[];
  /** Checks of the layer with open findings that nobody answers for. */
  checks: string[];
}

export interface LayerStatus {
  layers: Layer[];
  /** The first layer that is red, and why; null where none is. */
  binding: { layer: LayerName; because: string[] } | null;
}

/** What `readiness` says, which is built. */
export async function readReadiness(session: Session): Promise<Readiness> {
  const [row] = await session.query<Readiness>('select * from marts.readiness');
  if (row === undefined) throw new RevopsError('INTERNAL', 'marts.readiness has no row');
  return row;
}

/** Where each layer stands. `leastTraced`: the share of wins whose first touch has to be known. */
export function layersOf(
  { findings }: Pick<Judgement, 'findings'>,
  readiness: Readiness,
  { leastTraced, hasLock }: { leastTraced: number; hasLock: boolean },
): LayerStatus {
  const open = findings.filter(({ ack }) => ack === null);
  const layers: Layer[] = [];
  for (const layer of LAYERS) {
    const own = open.filter((finding) => finding.layer === layer);
    const because = [...RULES[layer](readiness, { leastTraced, hasLock, findings: own }), ...errorsOf(own)];
    const before = layers.find(({ state }) => state === 'red' || state === 'blocked');
    layers.push({
      layer,
      state: stateOf(layer, because, own, before),
      because:
        because.length === 0 && before !== undefined && !isMeasured(layer) ? [`${before.layer} is red`] : because,
      checks: [...new Set(own.map(({ check }) => check))],
    });
  }
  const red = layers.find(({ state }) => state === 'red');
  return { layers, binding: red === undefined ? null : { layer: red.layer, because: red.because } };
}

/** Why the layer of definitions is red: what looks ahead says so above its numbers. Empty where it is not. */
export function redPipeline({ findings }: Pick<Judgement, 'findings'>): string[] {
  const open = findings.filter(({ layer, ack }) => layer === 'pipeline' && ack === null);
  return [...conflictsOf(open), ...errorsOf(open)];
}

// --- internal ---

type Told = Pick<Finding, 'check' | 'subject' | 'severity'>;

interface Given {
  leastTraced: number;
  hasLock: boolean;
  /** Open findings of the layer. */
  findings: readonly Told[];
}

/** Below this share, people of a CRM and the devices of the trackers are two worlds. */
const LEAST_LINKED = 0.05;
/** Of fewer the share says little. */
const ENOUGH_PEOPLE = 20;
/** Baselines need a history: four weeks at least. */
const LEAST_WEEKS = 4;

/** What makes a layer red besides errors of its checks: no agreed qualified lead or silos, conflicting definitions, no trace. */
const RULES: Record<LayerName, (readiness: Readiness, given: Given) => string[]> = {
  data: (row) => [
    ...(row.has_deals ? [] : ['no CRM: there are no deals']),
    ...(row.has_spend ? [] : ['no ad spend']),
    ...(row.leads > 0 && row.qualified_leads === 0
      ? ['no agreed qualified lead: of the leads of 90 days none became an mql or sql']
      : []),
    ...(row.has_events && row.known_people >= ENOUGH_PEOPLE && row.linked_people < LEAST_LINKED * row.known_people
      ? [`silos: of ${row.known_people} people in the CRM ${row.linked_people} are known to another system`]
      : []),
  ],
  pipeline: (_row, { findings }) => conflictsOf(findings),
  attribution: (row, { leastTraced, hasLock }) => [
    ...(row.wins > 0 && row.traced_wins < leastTraced * row.wins
      ? [`no trace from a won deal to its first touch: ${row.traced_wins} of ${row.wins} wins have one`]
      : []),
    ...(hasLock ? [] : ['no attribution lock']),
  ],
  forecasting: (row) =>
    row.history_weeks < LEAST_WEEKS ? [`insufficient history: ${row.history_weeks} of ${LEAST_WEEKS} weeks`] : [],
  experimentation: () => [],
};

const CONFLICTS = 'definition_conflicts';

/** Whether there are checks of it. */
function isMeasured(layer: LayerName): boolean {
  return layer === 'data' || layer === 'pipeline' || layer === 'attribution';
}

function conflictsOf(findings: readonly Told[]): string[] {
  return findings
    .filter(({ check, severity }) => check === CONFLICTS && severity !== 'error')
    .map(({ subject }) => `conflicting definitions: ${subject}`);
}

function errorsOf(findings: readonly Told[]): string[] {
  const byCheck = Map.groupBy(
    findings.filter(({ severity }) => severity === 'error'),
    ({ check }) => check,
  );
  return [...byCheck].map(
    ([check, found]) => `${check}: ${found.length === 1 ? found[0]?.subject : `${found.length} findings`}`,
  );
}

function stateOf(
  layer: LayerName,
  because: readonly string[],
  findings: readonly Told[],
  before: Layer | undefined,
): Layer['state'] {
  if (!isMeasured(layer)) return before !== undefined || because.length > 0 ? 'blocked' : 'ready';
  if (because.length > 0) return 'red';
  return findings.length > 0 ? 'warnings' : 'green';
}
