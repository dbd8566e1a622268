/**
 * `revops collect`: lets a connector accept what others send, until the process is asked to end.
 */
import type { Connector } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { requireSecrets } from '../project/secrets.ts';
import type { CommandContext, Options } from './context.ts';
import { openLog } from './progress-log.ts';
import { openProject } from './session.ts';

export async function collectCommand(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const { host, port } = options;
  const address = {
    ...(typeof host === 'string' ? { host } : {}),
    ...(typeof port === 'string' ? { port: portOf(port) } : {}),
  };
  const project = await openProject(context);
  const connector = listenerOf(project, words[0]);
  requireSecrets(project, [connector.name]);
  const runId = crypto.randomUUID();
  context.onRun(runId);
  await connector.listen({
    now: context.now,
    signal: context.signal,
    log: openLog(context, runId),
    ...address,
  });
}

// --- internal ---

type Listener = Connector & Required<Pick<Connector, 'listen'>>;

function listenerOf({ connectors }: Project, name: string | undefined): Listener {
  const listeners = connectors.filter((connector): connector is Listener => connector.listen !== undefined);
  const found = name === undefined ? listeners : listeners.filter((connector) => connector.name === name);
  if (found.length === 1) return found[0] as Listener;
  const names = listeners.map((listener) => listener.name).join(', ');
  if (name !== undefined) {
    throw new RevopsError('USAGE', `the project has no connector ${JSON.stringify(name)} that listens`, {
      hint: names === '' ? NONE : `There are: ${names}.`,
    });
  }
  throw new RevopsError('USAGE', listeners.length === 0 ? 'no connector of the project listens' : 'which one?', {
    hint: listeners.length === 0 ? NONE : `Name one: ${names}.`,
  });
}

const NONE =
  'Add one to the config: connectors: { collector: collector({ writeKeys: { … } }) }; see docs/connectors/collector.md.';

function portOf(written: string): number {
  const port = Number(written);
  if (/^\d{1,5}$/.test(written) && port <= 65_535) return port;
  throw new RevopsError('USAGE', `--port: ${JSON.stringify(written)} is no port`, {
    hint: 'Give a number from 0 to 65535.',
  });
}
