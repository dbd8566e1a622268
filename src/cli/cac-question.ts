/**
 * What `revops cac` is asked, read from its options.
 */
import { RevopsError } from '../errors.ts';
import { type CreditsAsked, creditsAsked } from './cac-credits.ts';
import type { Options } from './context.ts';
import { type Grain, parsePeriod, type PeriodRange } from './period.ts';

/** What rows are about. */
export const DIMENSIONS = [
  ...(['channel', 'first_channel', 'platform', 'campaign', 'segment', 'format', 'creative'] as const),
  ...(['touchpoints', 'company_size'] as const),
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Whether rows are about channels: those that have the credit, or the one by which a customer first came. */
export function isByChannel({ by }: Pick<CacQuestion, 'by'>): boolean {
  return by === 'channel' || by === 'first_channel';
}

/** Whether rows are about customers, among whom spend is shared by credit. */
export function isByCustomers({ by }: Pick<CacQuestion, 'by'>): boolean {
  return by === 'touchpoints' || by === 'company_size';
}

/** Which customers count, and which spend. */
export interface CacFilters {
  channel?: string;
  /** Name or id. */
  campaign?: string;
  /** Name or id of an ad group or ad set. */
  segment?: string;
  /** Only customers with so many touchpoints in their path; spend cannot be split by it. */
  minTouchpoints?: number;
}

/** What is counted in a period: who was won in it, or who was first touched in it. */
export type Basis = 'conversion' | 'cohort';

export interface CacQuestion {
  basis: Basis;
  grain: Grain;
  by: Dimension;
  filters: CacFilters;
  /** Default: the last six periods. */
  range?: PeriodRange;
  /** Cohorts: whole periods after their own. Default: the last completed, or all of one cohort. */
  age?: number;
  /** Default: the project's primary model. */
  model?: string;
  credits: CreditsAsked;
  /** Why CAC changed, instead of what it is. */
  isDecomposed: boolean;
  /** Without marginal CAC: asked for, or because spend cannot be split as customers are. */
  isAverage: boolean;
}

/** USAGE where an option says nothing that can be answered. */
export function cacQuestion(options: Options): CacQuestion {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const basis = basisOf(options);
  const range = rangeOf(options, basis);
  const asked = groups(text('by'));
  if (isDecomposedBy(options, asked.dimension)) {
    throw new RevopsError('USAGE', `--decompose: not by ${asked.dimension}`, {
      hint: 'That is known of customers, not of all leads: give --by channel.',
    });
  }
  const filters = {
    ...given('channel', text('channel')),
    ...given('campaign', text('campaign')),
    ...given('segment', text('segment')),
    ...given('minTouchpoints', touchpoints(text('minTouchpoints'))),
  };
  const by = asked.dimension ?? finest(filters);
  const isDecomposed = options['decompose'] === true;
  if (isDecomposed && (basis === 'cohort' || filters.minTouchpoints !== undefined || options['average'] === true)) {
    throw new RevopsError('USAGE', '--decompose: not of cohorts, with --min-touchpoints or with --average', {
      hint: 'Give a channel, campaign or segment and a period: --decompose --channel "Paid Search" --period 2025-Q4.',
    });
  }
  return {
    basis,
    isDecomposed,
    grain: asked.grain ?? range?.grain ?? 'month',
    by,
    filters,
    ...given('range', range),
    ...given('age', ageOf(text('age'), basis)),
    ...given('model', text('model')),
    credits: creditsAsked(options),
    isAverage: options['average'] === true || filters.minTouchpoints !== undefined || isByCustomers({ by }),
  };
}

/** Whether the published marts answer it as they are. */
export function isPublished({ by, credits, model, filters }: CacQuestion): boolean {
  const { campaign, segment, minTouchpoints } = filters;
  const isWhole = campaign === undefined && segment === undefined && minTouchpoints === undefined;
  return credits.kind === 'published' && by === 'channel' && model === undefined && isWhole;
}

// --- internal ---

function isDecomposedBy(options: Options, dimension: Dimension | undefined): boolean {
  if (options['decompose'] !== true || dimension === undefined) return false;
  return dimension === 'first_channel' || isByCustomers({ by: dimension });
}

/** `--cohort` and `--age` are about cohorts. */
function basisOf(options: Options): Basis {
  const written = options['basis'] as Basis | undefined;
  const isAboutCohorts = options['cohort'] !== undefined || options['age'] !== undefined;
  if (written !== 'conversion' || !isAboutCohorts) return written ?? (isAboutCohorts ? 'cohort' : 'conversion');
  throw new RevopsError('USAGE', '--basis conversion: not with --cohort or --age', {
    hint: 'Cohorts are those of --basis cohort; on the basis of conversions name the period: --period 2025-Q3.',
  });
}

function rangeOf(options: Options, basis: Basis): PeriodRange | undefined {
  const cohort = options['cohort'] as string | undefined;
  const period = options['period'] as string | undefined;
  if (basis === 'cohort' && period !== undefined) {
    throw new RevopsError('USAGE', '--period: not of cohorts', {
      hint: `Name the cohort: --cohort ${period}. --age says how long after it customers count.`,
    });
  }
  if (cohort !== undefined) return parsePeriod(cohort, '--cohort');
  return period === undefined ? undefined : parsePeriod(period);
}

function ageOf(written: string | undefined, basis: Basis): number | undefined {
  if (written === undefined || basis !== 'cohort') return undefined;
  const age = Number(written);
  if (/^\d+$/.test(written) && age <= 26) return age;
  throw new RevopsError('USAGE', `--age: ${JSON.stringify(written)} is no age of a cohort`, {
    hint: 'Give whole periods after the cohort, from 0: up to 26 weeks, 24 months, 8 quarters.',
  });
}

const GRAINS: readonly string[] = ['day', 'week', 'month', 'quarter'];

/** `campaign`, `quarter`, or one of each with a comma. */
function groups(written: string | undefined): { grain?: Grain; dimension?: Dimension } {
  const words =
    written === undefined ? [] : written.split(',').map((word) => word.trim().toLowerCase().replace('-', '_'));
  const grains = words.filter((word) => GRAINS.includes(word)) as Grain[];
  const dimensions = DIMENSIONS.filter((dimension) => words.includes(dimension));
  const isKnown = words.every((word) => GRAINS.includes(word) || dimensions.some((dimension) => dimension === word));
  if (isKnown && words.length === new Set(words).size && grains.length <= 1 && dimensions.length <= 1)
    return { ...given('grain', grains[0]), ...given('dimension', dimensions[0]) };
  throw new RevopsError('USAGE', `--by: ${JSON.stringify(written)} is nothing to count by`, {
    hint: `Give one of ${GRAINS.join(', ')}, one of ${DIMENSIONS.join(', ')}, or one of each: campaign,quarter.`,
  });
}

/** What is asked about one campaign is told about campaigns. */
function finest({ campaign, segment }: CacFilters): Dimension {
  if (segment !== undefined) return 'segment';
  return campaign === undefined ? 'channel' : 'campaign';
}

function touchpoints(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const least = Number(written);
  if (Number.isInteger(least) && least >= 1) return least;
  throw new RevopsError('USAGE', `--min-touchpoints: ${JSON.stringify(written)} is no number of touchpoints`, {
    hint: 'Give a whole number from 1: --min-touchpoints 3.',
  });
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };
}
