/**
 * `revops tracking validate` and `revops tracking codegen`: the tracking plan against the events that came, and the models
 * that it makes.
 */
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import type { TrackingPlan } from '../project/tracking-plan.ts';
import type { CommandContext, Options } from './context.ts';
import { openProject } from './session.ts';
import { generateModels } from './tracking-codegen.ts';
import { validatePlan } from './tracking-validate.ts';

export async function trackingCommand(
  context: CommandContext,
  [action = 'validate']: readonly string[],
  options: Options,
): Promise<void> {
  const act = ACTIONS[action];
  if (act === undefined) {
    throw new RevopsError('USAGE', `there is no action ${JSON.stringify(action)}`, {
      hint: `There are: ${Object.keys(ACTIONS).join(', ')}.`,
    });
  }
  const project = await openProject(context);
  const { trackingPlan: plan } = project;
  if (plan === null) {
    throw new RevopsError('USAGE', 'the project has no tracking plan', {
      hint: 'Write tracking-plan.yml beside revops.config.ts: docs/tracking-plan.md has an example.',
    });
  }
  await act(context, { project, plan }, options);
}

// --- internal ---

type Act = (
  context: CommandContext,
  planned: { project: Project; plan: TrackingPlan },
  options: Options,
) => Promise<void>;

const ACTIONS: Record<string, Act> = { validate: validatePlan, codegen: generateModels };
