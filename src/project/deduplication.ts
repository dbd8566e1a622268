/**
 * The declared windows of deduplication as the list that models read.
 */
import type { ModelFile } from '../model/read/model-file.ts';
import type { ConversionType } from './config.ts';

/** 30 days. */
export const PAYMENT_HOURS = 720;

interface Windows {
  dedupHours: HoursByType;
  dedupHoursAcrossCrms: HoursByType;
  paymentHours: number;
}

/** Whether the config leaves the packaged list as it is. */
export function isDeduplicationShipped({ dedupHours, dedupHoursAcrossCrms, paymentHours }: Windows): boolean {
  return Object.keys({ ...dedupHours, ...dedupHoursAcrossCrms }).length === 0 && paymentHours === PAYMENT_HOURS;
}

/** `models/reference/deduplication.csv` with these values in place of the packaged ones. */
export function deduplication({ dedupHours, dedupHoursAcrossCrms, paymentHours }: Windows): ModelFile {
  const rows = SHIPPED.map(([type, hours, across]) => [
    type,
    dedupHours[type] ?? hours,
    dedupHoursAcrossCrms[type] ?? across,
    type === 'customer' ? paymentHours : 0,
  ]);
  return {
    shown: 'config/deduplication.csv',
    parts: ['reference', 'deduplication.csv'],
    text: ['conversion_type,window_hours,cross_source_hours,payment_hours', ...rows.map((row) => row.join(','))]
      .map((line) => `${line}\n`)
      .join(''),
  };
}

// --- internal ---

type HoursByType = { readonly [type in ConversionType]?: number | undefined };

/** What the packaged list says: type, hours, hours across CRMs. */
const SHIPPED = [
  ['lead', 24, 0],
  ['mql', 0, 24],
  ['sql', 0, 24],
  ['opportunity', 0, 168],
  ['customer', 0, 168],
] as const;
