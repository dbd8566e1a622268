/**
 * What a project says about itself: the value `revops.config.ts` exports.
 */
import type { Connector } from '../connector/contract.ts';
import type { Secret } from '../secret.ts';
import type { TlsConfig } from '../warehouse/tls.ts';

/** DuckDB: an embedded database in one file. */
export interface DuckdbConfig {
  type: 'duckdb';
  /** The database file, relative to the config. */
  path: string;
  /** Such as `4GB`. Default: 80 % of the machine's memory. */
  memoryLimit?: string;
  /** Default: one per core. */
  threads?: number;
}

/** Postgres 14 or later. */
export interface PostgresConfig {
  type: 'postgres';
  /** `postgres://user:password@host:5432/database`, best as `env('DATABASE_URL')`. */
  url: Secret | string;
  /**
   * TLS, before what the URL says with `sslmode`: `{ mode: 'verify-full', caFile: 'ca.pem' }`; files relative to the
   * config. Modes: verify-full (default), verify-ca, require, disable.
   */
  tls?: TlsConfig;
  /** Connections at most. Default 8. */
  poolSize?: number;
  /** A statement that runs longer is cancelled. Default 0: no limit. */
  statementTimeoutMs?: number;
}

export interface AttributionConfig {
  /** Touches older than this many days before the conversion get no credit. Default 90. */
  lookbackDays?: number;
  /** The attribution model that customers are counted with in CAC. Default `linear`. */
  primaryModel?: AttributionModel;
  /** position_based: shares of the first and the last touchpoint; those between have the rest. Default 0.4 each. */
  positionBased?: { first?: number; last?: number };
  /** w_shaped: shares of the first touchpoint and of those at lead and opportunity; the others have the rest. Default 0.3 each. */
  wShaped?: { first?: number; lead?: number; opportunity?: number };
  /** time_decay: a touchpoint so many days before the conversion counts half. Default 7. */
  halfLifeDays?: number;
  /** The day a credit counts for: that of the conversion, or that of the touchpoint. Default `conversion`. */
  bookOn?: BookingBasis;
  /** A conversion's credits are final after this many days. Default 14. */
  settleDays?: number;
  /** The books are closed up to this day, `YYYY-MM-DD`: conversions of these days are final at once. Default none. */
  closedTo?: string;
}

export const ATTRIBUTION_MODELS = [
  'first_touch',
  'last_touch',
  'last_non_direct',
  'linear',
  'position_based',
  'w_shaped',
  'time_decay',
  'markov',
  'shapley',
] as const;
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number];

export const BOOKING_BASES = ['conversion', 'touch'] as const;
export type BookingBasis = (typeof BOOKING_BASES)[number];

export interface IdentityConfig {
  /**
   * Keys of e-mails and phones are HMAC-SHA-256 with it: at least 16 characters, best as `env('REVOPS_IDENTITY_SECRET')`.
   * Without it e-mails and phones join nobody. Another secret gives other keys, and names people anew.
   */
  secret?: Secret;
  /** ISO 3166 country in which phone numbers without country were written. Default: none, such a number is no key. */
  defaultCountry?: string;
  /** An e-mail or phone of more contacts and users than this joins nobody. Default 10. */
  mostIdentities?: number;
  /** A contact, user, e-mail or phone on more devices than this joins nobody. Default 100. */
  mostDevices?: number;
  /** Whether addresses that lead to one mailbox join people: dots in gmail addresses, `+suffix` anywhere. Default false. */
  joinsMailboxAliases?: boolean;
}

export interface ConversionsConfig {
  /**
   * What makes a customer where the `pipeline` does not say: `crm`, a deal that is won; `orders`, each invoice and charge
   * that is paid; `events`, each event `purchase`, `order completed` or `order_completed`. Default `crm`.
   */
  truth?: ConversionTruth;
  /** Whose first won deal makes a new customer. Default `company`. */
  owner?: ConversionOwner;
  /**
   * A record of the same person (or company) and type within so many hours after another is the same conversion; 0: never.
   * Default 24 for leads, 0 for all others.
   */
  dedupHours?: Partial<Record<ConversionType, number>>;
  /**
   * The same for records of different CRMs, one of each at most. Default 168 (a week) for customers and opportunities, 24
   * for mqls and sqls.
   */
  dedupHoursAcrossCrms?: Partial<Record<ConversionType, number>>;
  /**
   * The first payment of a customer so many hours before the win, or around one whose time nobody recorded, is when it
   * happened; 0: payments tell no time. Default 720: 30 days.
   */
  paymentHours?: number;
}

export const CONVERSION_TRUTHS = ['crm', 'orders', 'events'] as const;
export type ConversionTruth = (typeof CONVERSION_TRUTHS)[number];

export const CONVERSION_OWNERS = ['company', 'person'] as const;
export type ConversionOwner = (typeof CONVERSION_OWNERS)[number];

/** Types of conversions, in the order in which somebody becomes them. */
export const CONVERSION_TYPES = ['lead', 'mql', 'sql', 'opportunity', 'customer'] as const;
export type ConversionType = (typeof CONVERSION_TYPES)[number];

/**
 * What makes a conversion: exactly one of `contact`, `lifecycleStage`, `deal`, `dealStage`, `event`, `form`, `payment`.
 * Stages are the CRM's ids.
 */
export interface StageCondition {
  /** A contact is created; or its person filled in a form, before or after. */
  contact?: 'created' | 'form';
  /** A contact enters this lifecycle stage, or one of these, for the first time. */
  lifecycleStage?: string | string[];
  /** A deal is created; or, for customers, is in a stage that the CRM itself calls won. */
  deal?: 'created' | 'won';
  /** A deal enters this stage, or one of these, for the first time; for customers: is in it. */
  dealStage?: string | string[];
  /** An event of this name, or one of these, in any case of letters: a person's first, for customers every one. */
  event?: string | string[];
  /** The first form of a person, also of one who is no contact. */
  form?: 'submitted';
  /** Of customers: the first paid invoice or charge of each customer of billing, or each of them. */
  payment?: 'first' | 'each';
  /** Of deals: only in this pipeline, or these. Default: all. */
  pipeline?: string | string[];
  /** Only as this system tells it, by its connector's name. Default: all. */
  source?: string;
}

/** One version of what lead, mql, sql, opportunity and customer mean. Stages left out are as shipped. */
export interface PipelineConfig {
  /** Name of this version: conversions carry it. */
  version: string | number;
  /**
   * First day, `YYYY-MM-DD`: what happened before is by the version before, the first of all by the shipped definition.
   * Default, of the first version only: since ever.
   */
  effectiveFrom?: string;
  /** `when` is one condition, or several of which any does; an empty list is none at all. */
  stages: { name: ConversionType; when: StageCondition | StageCondition[] }[];
  /** What a deal has to have in a stage of the CRM: `revops check definitions` finds those that do not. */
  criteria?: StageCriterion[];
}

/** What a deal may have to have in a stage. */
export const STAGE_NEEDS = ['amount', 'company', 'contact', 'owner', 'closeDate', 'currency'] as const;
export type StageNeed = (typeof STAGE_NEEDS)[number];

export interface StageCriterion {
  /** The stage, or stages, by the CRM's id. */
  dealStage: string | string[];
  /** What a deal in it has; an amount is more than 0. */
  needs: StageNeed[];
  /** Only in this pipeline, or these. Default: all. */
  pipeline?: string | string[];
  /** Only in this CRM, by its connector's name. Default: all. */
  source?: string;
}

export interface SessionsConfig {
  /** A visit ends where nothing happens for longer than this. Default 30. */
  timeoutMinutes?: number;
  /** Whether an event from another source, medium, campaign or click id begins a visit, too. Default true. */
  splitOnSource?: boolean;
}

/** What `revops check` judges by. */
export interface ChecksConfig {
  /**
   * Numbers on data that cannot be trusted: `stamp`, print them as untrusted; `refuse`, print nothing unless they are
   * forced. Default `stamp`.
   */
  gate?: 'stamp' | 'refuse';
  /** A source that ends longer before the build is stale. Default 26: a daily run and two hours. */
  freshnessHours?: number;
  /**
   * The same for single sources, by connector or `connector.stream`: `{ files: 26, 'hubspot.companies': 72 }`; null: it
   * comes when somebody brings it, and being late is worth a warning only. Default: what the connector says of itself
   * (files: null), else `freshnessHours`.
   */
  slaHours?: Record<string, number | null>;
  /** Share by which a day's count may be off the same weekdays before. Default 0.2. */
  volumeChange?: number;
  /** Hours within which 95 % of conversions must have been recorded. Default 72. */
  driftHours?: number;
  /** Share of conversions that must have a touchpoint before them. Default 0.7. */
  leastIdentified?: number;
  /** Share of a week's conversions that may have no touch, only Direct, or an unassigned channel. Default 0.5. */
  mostUnattributed?: number;
  /** Share of contacts whose source in the CRM may be another channel than their first touchpoint. Default 0.3. */
  mostMismatched?: number;
  /** Share of forms, and of contacts, that must have an e-mail address. Default 0.8. */
  leastEmails?: number;
  /** Share of a CRM's contacts that may be a person who is there already. Default 0.03. */
  mostDuplicates?: number;
  /** Share of facts that may be nobody's. Default 0.2. */
  mostOrphans?: number;
  /** Share of the events that a source reports which may be none: without a name, a time, or anybody. Default 0.02. */
  mostRejected?: number;
  /** Share of a pipeline's deals that may skip a stage, move back, or lack what their stage asks for. Default 0.1. */
  mostIrregular?: number;
  /** Share by which an ad account's spend of a month may change later than two weeks after. Default 0.01. */
  mostRestated?: number;
  /** Share of paid documents that may be given back. Default 0.1. */
  mostRefunded?: number;
  /** Share of an experiment's control group that ads may reach. Default 0.05. */
  mostContaminated?: number;
  /** Devices, contacts and users that give one address in 30 days, above which it is no one person's. Default 10. */
  mostGivers?: number;
  /** Share of the last 90 days' ad spend whose channel may be unknown. Default 0.05. */
  mostUnmapped?: number;
  /** Share of those known among people who came first by an ad, of that among others, below which clicks are lost. Default 0.25. */
  leastLinked?: number;
  /** Share of a channel's credited touchpoints that may be there no more. Default 0.1. */
  mostVanished?: number;
  /** Touchpoints below which an unknown or paid source is not worth a word. Default 5. */
  leastTouches?: number;
  /** Clicks of a campaign without a touchpoint that are too many to be chance. Default 100. */
  untouchedClicks?: number;
  /** Conversions a month below which, with one channel and short cycles, a spreadsheet would do. Default 100. */
  spreadsheetConversions?: number;
  /** Days after which a definition that nobody changed is to be looked at. Default 180. */
  definitionWarningDays?: number;
  /** Days after which it is an error. Default 540. */
  definitionErrorDays?: number;
}

/** What `revops reconcile` tolerates between what platforms claim and what happened. */
export interface RunsConfig {
  /** Days for which records of runs are kept. Default 180. */
  keepDays?: number;
}

export interface ReconciliationConfig {
  /** Share by which claimed conversions may differ. Default 0.05. */
  conversionTolerance?: number;
  /** Share by which the claimed value of customers may differ. Default 0.02. */
  amountTolerance?: number;
}

/** Who is told what is wrong after `revops run`, once, and once more when it is over. */
export interface AlertsConfig {
  /** Address that takes `{ "text": … }`, as Slack's incoming webhooks do: `env('SLACK_WEBHOOK')`. */
  webhook?: Secret | string;
  /** Program and its words, started in the project's folder; the alert is JSON on its standard input. */
  command?: string[];
}

/** An experiment in which a share of the people is kept from ads. */
export interface HoldoutConfig {
  /** Name of the experiment: letters, digits, `.`, `_`, `-`. */
  name: string;
  /** What the hash of each unit begins with; another salt draws other people. Default: the name. */
  salt?: string;
  /** What is drawn. Default and only one: `person`, as identities are joined. */
  unit?: 'person';
  /** Share of the people in the control group, more than 0 and less than 1. */
  share: number;
  /** First day, `YYYY-MM-DD`, in the project's time zone. */
  from: string;
  /** Last day. Default: it has no end. */
  to?: string;
  /** Channels that the control group is kept from. Default: all paid ones. */
  channels?: string[];
}

/** Which columns of a model go into which fields, by the fields' own names: `{ first_touch_channel: 'revops_first_touch' }`. */
export interface WritebackConfig {
  /** Columns of `contact_attribution`. */
  contacts?: Record<string, string>;
  /** Columns of `deal_attribution`. */
  deals?: Record<string, string>;
}

/** What `revops activate` asks for before it hands out a person. */
export interface ActivationConfig {
  /**
   * `required`: the last decision about advertising was a consent; `unless_refused`: there was no refusal. Default
   * `required`.
   */
  consent?: 'required' | 'unless_refused';
}

export const WEEK_STARTS = ['monday', 'sunday'] as const;
export type WeekStart = (typeof WEEK_STARTS)[number];

export interface ProjectConfig {
  /** For people. Default: the folder's name. */
  name?: string;
  warehouse: DuckdbConfig | PostgresConfig;
  /** The platforms to read, under their connectors' names: `{ hubspot: hubspot({ … }) }`. */
  connectors: Record<string, Connector>;
  /** First day wanted from every platform, `YYYY-MM-DD`. */
  start: string;
  /** IANA zone in which the project's days, weeks and months begin. */
  timeZone: string;
  /** ISO 4217 currency that amounts are reported in. */
  currency: string;
  /** First day of the week. Default `monday`. */
  weekStart?: WeekStart;
  attribution?: AttributionConfig;
  conversions?: ConversionsConfig;
  /** What lead, mql, sql, opportunity and customer mean; several versions in the order of their `effectiveFrom`. */
  pipeline?: PipelineConfig | PipelineConfig[];
  identity?: IdentityConfig;
  sessions?: SessionsConfig;
  /** Experiments with a control group that ads are kept from. */
  holdouts?: HoldoutConfig[];
  checks?: ChecksConfig;
  activation?: ActivationConfig;
  /** What `revops writeback crm` writes, by connector. Nothing is written unless it is asked to, with --apply. */
  writeback?: Record<string, WritebackConfig>;
  alerts?: AlertsConfig;
  reconciliation?: ReconciliationConfig;
  /**
   * How often sources are read at most, by connector or connector.stream: `{ 'google-ads': '6h', 'hubspot.deals': '15m' }`,
   * in minutes, hours or days. `sync` and `run` leave out what is not due. Default: all at every run.
   */
  schedule?: Record<string, string>;
  runs?: RunsConfig;
  /**
   * Installed npm packages with models (`models/` and `sql/` beside their package.json), over the packaged library and
   * under the project's own; a later one replaces what an earlier one has under the same name.
   */
  packages?: string[];
  /** The tracking plan, relative to the config. Default `tracking-plan.yml`, where it exists. */
  trackingPlan?: string;
  /** Folder of the project's own models, relative to the config. Default `models`, where it exists. */
  models?: string;
}

/** Types the config in the editor; the config is checked when a command loads it. */
export function defineConfig(config: ProjectConfig): ProjectConfig {
  return config;
}
