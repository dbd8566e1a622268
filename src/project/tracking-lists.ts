/**
 * A tracking plan as the lists that models read.
 */
import type { ModelFile } from '../model/read/model-file.ts';
import type { TrackingPlan } from './tracking-plan.ts';

/** The files of `models/reference` that somebody would write who has this plan. */
export function trackingLists({ events, sources }: TrackingPlan): ModelFile[] {
  const planned = Object.entries(events);
  const properties = planned.flatMap(([event, { properties: own }]) =>
    Object.entries(own).map(([property, declared]) => ({ event, property, ...declared })),
  );
  return [
    list(
      'planned_events',
      'event_name,capture,priority,purpose,consent,needs_user_id,needs_email,needs_phone,needs_device',
      [
        ...planned.map(([event, { capture, priority, purpose, consent, identifiers }]) => [
          ...[event, capture, priority, purpose, consent],
          ...(['user_id', 'email', 'phone', 'anonymous_id'] as const).map((id) => String(identifiers.includes(id))),
        ]),
      ],
    ),
    list('planned_properties', 'event_name,property,type,is_required,has_values', [
      ...properties.map(({ event, property, type, required, values }) => [
        ...[event, property, type, String(required), String(values !== undefined)],
      ]),
    ]),
    list('planned_values', 'event_name,property,value', [
      ...properties.flatMap(({ event, property, values = [] }) => values.map((value) => [event, property, value])),
    ]),
    list('event_sources', 'source,side', Object.entries(sources)),
  ];
}

// --- internal ---

function list(name: string, header: string, rows: readonly (readonly (string | undefined)[])[]): ModelFile {
  const lines = rows.map((row) => row.map(quoted).join(','));
  return {
    shown: `config/${name}.csv`,
    parts: ['reference', `${name}.csv`],
    text: [header, ...lines].map((line) => `${line}\n`).join(''),
  };
}

function quoted(value: string | undefined): string {
  return value === undefined ? '' : `"${value.replaceAll('"', '""')}"`;
}
