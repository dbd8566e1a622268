/**
 * `revops lock`: the attribution lock, made, shown, checked and replaced.
 */
import {
  createLock,
  disagreements,
  lockName,
  partDifferences,
  readBaselines,
  resetLock,
  type AttributionDefinition,
  type Lock,
  type LockChange,
  type LockOutcome,
} from '../attribution/index.ts';
import { RevopsError } from '../errors.ts';
import { lockFile, projectDefinition, readLock } from '../project/attribution.ts';
import type { Project } from '../project/load.ts';
import { compileModels } from '../project/overlay.ts';
import { dayOf } from '../sync/days.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { renderBreaches, renderFrozen, verifyFrozen } from './lock-frozen.ts';
import { renderDiff, renderOutcome, renderStatus } from './lock-report.ts';
import { openProject, withLease, withWarehouse } from './session.ts';

export async function lock(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const action = words[0] ?? 'status';
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (run === undefined) {
    throw new RevopsError('USAGE', `lock: there is no action ${JSON.stringify(action)}`, {
      hint: `There are: ${Object.keys(ACTIONS).join(', ')}.`,
    });
  }
  const reason = (options['reason'] as string | undefined)?.trim();
  if (reason !== undefined && action !== 'create' && action !== 'reset') {
    throw new RevopsError('USAGE', `--reason: lock ${action} takes none`);
  }
  await run({ context, reason });
}

// --- internal ---

interface Asked {
  context: CommandContext;
  reason: string | undefined;
}

const ACTIONS: Record<string, (asked: Asked) => Promise<void>> = { status, create, verify, diff, reset };

async function status({ context }: Asked): Promise<void> {
  const project = await openProject(context);
  const locked = await readLock(project);
  if (locked === null) {
    if (context.globals.json) return context.terminal.printJson({ locked: false });
    return context.terminal.print(
      'No lock: marginal CAC is refused. `revops lock create` locks what the project defines now.',
    );
  }
  const differences = partDifferences(locked.parts, (await definitionOf(project)).parts);
  if (context.globals.json) {
    const matches = differences.length === 0;
    return context.terminal.printJson({ locked: true, matches, ...described(locked), differences });
  }
  context.terminal.print(renderStatus(locked, differences.length));
}

async function create({ context, reason }: Asked): Promise<void> {
  await change(context, (request) => createLock(request, reason ?? 'first baseline'));
}

async function reset({ context, reason }: Asked): Promise<void> {
  if (reason === undefined || reason === '') {
    throw new RevopsError('USAGE', 'lock reset: --reason is missing', {
      hint: 'Say why the definition changes: revops lock reset --reason "lookback of 60 days agreed with finance"',
    });
  }
  await change(context, (request) => resetLock(request, reason));
}

async function change(context: CommandContext, make: (change: LockChange) => Promise<LockOutcome>): Promise<void> {
  const project = await openProject(context);
  const definition = await definitionOf(project);
  const now = context.now();
  const today = dayOf(now, project.timeZone);
  const done = await withLease(context, project, (session) =>
    make({ session, file: lockFile(project), definition, now, today }),
  );
  if (context.globals.json) context.terminal.printJson({ outcome: done.outcome, ...described(done.lock) });
  else context.terminal.print(renderOutcome(done));
}

async function diff({ context }: Asked): Promise<void> {
  const project = await openProject(context);
  const locked = await requireLock(project);
  const differences = partDifferences(locked.parts, (await definitionOf(project)).parts);
  if (context.globals.json) context.terminal.printJson({ baseline_id: locked.baseline_id, differences });
  else context.terminal.print(renderDiff(locked, differences, context.terminal.width));
  if (differences.length === 0) return;
  throw new RevopsError(
    'UNHEALTHY',
    `${plural(differences.length, 'part')} ${differences.length === 1 ? 'differs' : 'differ'} from the attribution lock`,
    {
      hint: 'Undo the change, or begin a new baseline with `revops lock reset --reason "…"`.',
    },
  );
}

async function verify({ context }: Asked): Promise<void> {
  const project = await openProject(context);
  const locked = await requireLock(project);
  const differences = partDifferences(locked.parts, (await definitionOf(project)).parts);
  const { baselines, frozen } = await withWarehouse(context, project, { readOnly: true }, async (warehouse) => ({
    baselines: await readBaselines(warehouse),
    frozen: await verifyFrozen(warehouse),
  }));
  const wrong = [
    ...disagreements(locked, baselines),
    ...differences.map(
      ({ part, locked: was, now }) =>
        `${part} is ${now ?? 'absent'} in the project, ${was ?? 'absent'} in the lock file`,
    ),
  ];
  if (context.globals.json) {
    const verified = wrong.length === 0 && frozen.breaches.length === 0;
    context.terminal.printJson({ verified, baseline_id: locked.baseline_id, wrong, frozen });
  }
  if (frozen.breaches.length > 0) {
    throw new RevopsError(
      'LEDGER_CHANGED',
      `frozen rows are not what they were when they were frozen: ${renderBreaches(frozen).join('; ')}`,
      {
        hint: 'Somebody changed tables of revops_store by hand. Restore them from a backup; what was frozen cannot be computed again.',
      },
    );
  }
  if (wrong.length > 0) {
    throw new RevopsError('LOCK_CHANGED', `lock file, warehouse and project disagree: ${wrong.join('; ')}`, {
      hint: 'Undo the change, or begin a new baseline with `revops lock reset --reason "…"`. A row that is only missing in the warehouse is written by the next build.',
    });
  }
  if (!context.globals.json) {
    context.terminal.print(`Verified: lock file, warehouse and project agree on ${lockName(locked)}.`);
    context.terminal.print(renderFrozen(frozen));
  }
}

async function definitionOf(project: Project): Promise<AttributionDefinition> {
  return projectDefinition(project, await compileModels(project));
}

async function requireLock(project: Project): Promise<Lock> {
  const locked = await readLock(project);
  if (locked !== null) return locked;
  throw new RevopsError('NO_LOCK', 'there is no attribution lock: attribution.lock.json is not beside the config', {
    hint: 'Run `revops lock create`.',
  });
}

function described({ baseline_id, created_at, effective_from, reason, digest }: Lock): object {
  return { baseline_id, created_at, effective_from, reason, digest };
}
