/**
 * `revops tracking validate`: what the events of the last 30 days do against the plan, as last built, and which planned
 * events no model names.
 */
import { RevopsError } from '../errors.ts';
import type { ModelProject } from '../model/contract.ts';
import { changedLists } from '../model/index.ts';
import type { Project } from '../project/load.ts';
import { readModels } from '../project/overlay.ts';
import type { TrackingPlan } from '../project/tracking-plan.ts';
import type { Session } from '../warehouse/contract.ts';
import { literal } from '../warehouse/sql.ts';
import { requireBuilt } from './built.ts';
import type { CommandContext, Options } from './context.ts';
import { count, plural } from './format.ts';
import { withReader } from './session.ts';
import { renderTable } from './table.ts';

export interface PlanViolation {
  [column: string]: string | number | null;
  event_name: string;
  violation: string;
  /** An empty text where it is about the event. */
  property: string;
  priority: string;
  /** Events of the name in 30 days. */
  events: number;
  violations: number;
  last_date: string | null;
}

export async function validatePlan(
  context: CommandContext,
  { project, plan }: { project: Project; plan: TrackingPlan },
  options: Options,
): Promise<void> {
  const models = await readModels(project);
  const unused = unusedEvents(plan, models);
  const found = await withReader(context, project, async (session) => {
    await requireBuilt(session, ['core.plan_violations']);
    return planViolations(session, plan.file, models);
  });
  const planned = Object.keys(plan.events).length;
  const { terminal, globals } = context;
  if (globals.json) terminal.printJson({ planned, violations: found, unused });
  else terminal.print(renderViolations({ planned, found, unused }, terminal.width));
  const failed = options['strict'] === true ? found : found.filter(isFailure);
  if (failed.length === 0) return;
  const named = failed.slice(0, 5).map(({ event_name: event, violation }) => `${event} ${violation}`);
  throw new RevopsError('CHECK_FAILED', `${plural(failed.length, 'violation')} of ${plan.file}: ${named.join(', ')}`, {
    hint: 'Correct the tag, or the plan: docs/tracking-plan.md.',
  });
}

/** The graver first. What the plan says by now is asked of it; what was built under another plan says so. */
export async function planViolations(
  session: Session,
  file: string,
  { inputs }: ModelProject,
): Promise<PlanViolation[]> {
  if ((await changedLists(session, 'plan_violations', inputs)).length > 0) {
    throw new RevopsError('USAGE', `the events were last built under another ${file}`, {
      hint: 'Run `revops build plan_violations`, then ask again.',
    });
  }
  const found = await session.query<PlanViolation>(
    'select event_name, violation, property, priority, events, violations, last_date from plan_violations',
  );
  return found.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

/** Planned events that no model and no list names: nobody asks them anything. Generated models do not count. */
export function unusedEvents(plan: TrackingPlan, { models, inputs }: ModelProject): string[] {
  const asking = models.filter(({ tags }) => !tags.includes('tracking-plan')).map(({ sql }) => sql);
  const forms = inputs.find(({ name }) => name === 'form_events')?.rows.map((row) => String(row['event_name'])) ?? [];
  return Object.keys(plan.events).filter(
    (event) => !forms.includes(event.toLowerCase()) && !asking.some((sql) => sql.includes(literal(event))),
  );
}

// --- internal ---

/** What ends the command with 5 without --strict: a critical event that is broken, and an event without a purpose. */
function isFailure({ priority, violation }: PlanViolation): boolean {
  return violation === 'no_purpose' || (priority === 'critical' && violation !== 'client_only');
}

function placeOf(found: PlanViolation): string {
  const { priority, event_name: event, violation, property } = found;
  return [isFailure(found) ? 0 : 1, priority === 'critical' ? 0 : 1, event, violation, property].join('\u0000');
}

function renderViolations(
  { planned, found, unused }: { planned: number; found: readonly PlanViolation[]; unused: readonly string[] },
  width: number,
): string {
  const right = { align: 'right' as const };
  const columns = [
    { title: 'Event' },
    { title: 'Violation' },
    { title: 'Property' },
    { title: 'Events', ...right },
    { title: 'Of', ...right },
    { title: 'Last' },
  ];
  const rows = found.map(
    ({ event_name: event, violation, property, priority, events, violations, last_date: last }) => [
      priority === 'critical' ? `${event} (critical)` : event,
      violation,
      property,
      count(violations),
      count(events),
      last ?? '',
    ],
  );
  return [
    ...(rows.length === 0 ? [] : [renderTable(columns, rows, width), '']),
    `${plural(planned, 'planned event')}: ${found.length === 0 ? 'as the plan says' : plural(found.length, 'violation')}, in 30 days.`,
    ...(unused.length === 0 ? [] : [`No model names: ${unused.join(', ')}.`]),
  ].join('\n');
}
