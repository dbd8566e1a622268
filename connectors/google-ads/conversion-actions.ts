/**
 * The conversion actions of an account: how long they change the past, and which one claims are counted by.
 */
import type { Account } from './accounts.ts';
import type { Transport } from './transport.ts';
import { field, type AdsRow } from './values.ts';

export interface ConversionAction {
  id: string;
  name: string;
  category: string;
  status: string;
  type: string | undefined;
  isPrimary: boolean;
  includeInConversions: boolean;
  countingType: string | undefined;
  clickThroughDays: number | undefined;
  viewThroughDays: number | undefined;
}

/** Where an account has no action of its own (or says nothing), the platform's own default window. */
const DEFAULT_WINDOW_DAYS = 30;
/** Adjustments and late imports arrive this much after a window has closed. */
const ADJUSTMENT_DAYS = 3;

const QUERY = `SELECT conversion_action.id, conversion_action.name, conversion_action.category, conversion_action.status,
  conversion_action.type, conversion_action.primary_for_goal, conversion_action.include_in_conversions_metric,
  conversion_action.counting_type, conversion_action.click_through_lookback_window_days,
  conversion_action.view_through_lookback_window_days FROM conversion_action`;

export async function readActions(transport: Transport, account: Account): Promise<ConversionAction[]> {
  return (await transport.searchAll(account, QUERY)).map(actionOf);
}

/** Days for which the platform still changes an account's conversions. */
export function restatementDays(actions: readonly ConversionAction[], override: number | undefined): number {
  if (override !== undefined) return override;
  const windows = actions
    .filter((action) => action.status === 'ENABLED')
    .map((action) => action.clickThroughDays ?? DEFAULT_WINDOW_DAYS);
  return (windows.length === 0 ? DEFAULT_WINDOW_DAYS : Math.max(...windows)) + ADJUSTMENT_DAYS;
}

/** From the strongest evidence of a customer to the weakest; categories not named come after these. */
const STRENGTH = [
  'PURCHASE',
  'SUBSCRIBE_PAID',
  'CONVERTED_LEAD',
  'QUALIFIED_LEAD',
  'IMPORTED_LEAD',
  'SUBMIT_LEAD_FORM',
  'BOOK_APPOINTMENT',
  'REQUEST_QUOTE',
  'SIGNUP',
  'CONTACT',
];

/**
 * The one action by which claims are counted: the one chosen by id or name, else among the enabled primary ones that
 * the account optimises for, the strongest category, ties by the lowest id. Undefined where there is none.
 */
export function canonicalAction(
  actions: readonly ConversionAction[],
  chosen: string | undefined,
): ConversionAction | undefined {
  if (chosen !== undefined)
    return actions.find((action) => action.id === chosen) ?? actions.find((action) => action.name === chosen);
  return actions
    .filter((action) => action.status === 'ENABLED' && action.isPrimary && action.includeInConversions)
    .toSorted((a, b) => strength(a) - strength(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1))[0];
}

// --- internal ---

function strength(action: ConversionAction): number {
  const at = STRENGTH.indexOf(action.category);
  return at === -1 ? STRENGTH.length : at;
}

function actionOf(row: AdsRow): ConversionAction {
  const value = (name: string): unknown => field(row, `conversionAction.${name}`);
  const optional = (name: string): string | undefined => (value(name) === undefined ? undefined : String(value(name)));
  const days = (name: string): number | undefined => (value(name) === undefined ? undefined : Number(value(name)));
  return {
    id: String(value('id')),
    name: optional('name') ?? '',
    category: optional('category') ?? 'UNKNOWN',
    status: optional('status') ?? 'UNKNOWN',
    type: optional('type'),
    isPrimary: value('primaryForGoal') === true,
    includeInConversions: value('includeInConversionsMetric') === true,
    countingType: optional('countingType'),
    clickThroughDays: days('clickThroughLookbackWindowDays'),
    viewThroughDays: days('viewThroughLookbackWindowDays'),
  };
}
