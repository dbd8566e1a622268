/**
 * The declared pipeline as the list that models read.
 */
import { addDays } from '../sync/days.ts';
import type { ModelFile } from '../model/read/model-file.ts';
import type { ConversionTruth, ConversionType } from './config.ts';
import type { PipelineVersions } from './pipeline-schema.ts';

/** `models/reference/stage_definitions.csv` as somebody would write it who has these versions and this truth. */
export function stageDefinitions(versions: PipelineVersions, truth: ConversionTruth = 'crm'): ModelFile {
  return listOf('stage_definitions', [COLUMNS, ...rowsOf(versions, truth)]);
}

/** `models/reference/stage_criteria.csv`, likewise. */
export function stageCriteria(versions: PipelineVersions): ModelFile {
  const rows = versions.flatMap((version, index) =>
    version.criteria
      .flatMap(({ dealStage, needs, pipeline, source }) =>
        dealStage.flatMap((stage) =>
          (pipeline ?? [undefined]).flatMap((own) =>
            needs.map((need): Row => [inFeeds(source), own, stage, need === 'closeDate' ? 'close_date' : need]),
          ),
        ),
      )
      .map((criterion, number) => [version.version, String(number + 1), ...criterion, ...spanOf(versions, index)]),
  );
  return listOf('stage_criteria', [CRITERIA_COLUMNS, ...rows]);
}

// --- internal ---

type Version = PipelineVersions[number];
type Condition = Version['stages'][number]['when'][number];
/** Empty: NULL. */
type Row = (string | undefined)[];

const CRITERIA_COLUMNS = 'definition_version,criterion,source,pipeline_id,stage_id,needs,valid_from,valid_to'.split(
  ',',
);

const COLUMNS = [
  'definition_version',
  'conversion_type',
  'alternative',
  'record',
  'happening',
  'source',
  'pipeline_id',
  'stage_id',
  'valid_from',
  'valid_to',
];

/** What the packaged list says. */
const SHIPPED: Record<ConversionType, Condition[]> = {
  lead: [{ contact: 'created' }, { lifecycleStage: ['lead'] }, { contact: 'form' }],
  mql: [{ lifecycleStage: ['marketingqualifiedlead'] }],
  sql: [{ lifecycleStage: ['salesqualifiedlead'] }],
  opportunity: [{ deal: 'created' }],
  customer: [{ deal: 'won' }],
};

/** What makes a customer where nothing else is said. */
const CUSTOMERS: Record<ConversionTruth, Condition[]> = {
  crm: SHIPPED.customer,
  orders: [{ payment: 'each' }],
  events: [{ event: ['purchase', 'order completed', 'order_completed'] }],
};

function rowsOf(versions: PipelineVersions, truth: ConversionTruth): Row[] {
  const isWhole = versions.length === 0 || versions[0]?.effectiveFrom !== undefined;
  const shipped: Version[] = isWhole ? [{ version: 'shipped', stages: [], criteria: [] }] : [];
  const all = [...shipped, ...versions];
  return all.flatMap((version, index) => {
    const span = spanOf(all, index);
    return Object.entries({ ...SHIPPED, customer: CUSTOMERS[truth] }).flatMap(([type, conditions]) => {
      const when = version.stages.find(({ name }) => name === type)?.when ?? conditions;
      return when
        .flatMap(happeningsOf)
        .map((happening, alternative) => [version.version, type, String(alternative + 1), ...happening, ...span]);
    });
  });
}

/** First and last day on which a version holds. */
function spanOf(versions: readonly Version[], index: number): Row {
  const next = versions[index + 1]?.effectiveFrom;
  return [versions[index]?.effectiveFrom, next === undefined ? undefined : addDays(next, -1)];
}

/** A list of the project, as a file. */
function listOf(name: string, rows: readonly Row[]): ModelFile {
  return {
    shown: `config/${name}.csv`,
    parts: ['reference', `${name}.csv`],
    text: rows.map((row) => `${row.map(quoted).join(',')}\n`).join(''),
  };
}

/** Feeds write - in a connector's name as _. */
const inFeeds = (source: string | undefined): string | undefined => source?.replaceAll('-', '_');

/** record, happening, source, pipeline_id, stage_id: a row for each stage and pipeline named. */
function happeningsOf(condition: Condition): Row[] {
  const { contact, lifecycleStage, deal, dealStage, event, form, payment, pipeline, source } = condition;
  if (contact !== undefined) return [['contact', contact, inFeeds(source), undefined, undefined]];
  if (form !== undefined) return [['event', 'form', inFeeds(source), undefined, undefined]];
  if (payment !== undefined) return [['payment', payment, inFeeds(source), undefined, undefined]];
  if (event !== undefined) {
    return event.map((one) => ['event', 'event', inFeeds(source), undefined, folded(one)]);
  }
  if (lifecycleStage !== undefined) {
    return lifecycleStage.map((stage) => ['contact', 'stage', inFeeds(source), undefined, stage]);
  }
  return (pipeline ?? [undefined]).flatMap((own): Row[] => {
    if (deal === 'won') return [['deal', 'outcome', inFeeds(source), own, 'won']];
    if (deal === 'created') return [['deal', 'created', inFeeds(source), own, undefined]];
    return (dealStage ?? []).map((stage) => ['deal', 'stage', inFeeds(source), own, stage]);
  });
}

/** As models compare names of events: blanks around cut off, blanks inside one, A to Z as small letters. */
function folded(event: string): string {
  return event
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function quoted(value: string | undefined): string {
  return value === undefined ? '' : `"${value.replaceAll('"', '""')}"`;
}
