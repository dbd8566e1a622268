/**
 * Collectors that are killed while senders send: what was acknowledged has to be in the warehouse afterwards, once.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { KEY } from '../connectors/collector/connector.ts';

/** What senders know. */
export interface Sent {
  all: Set<string>;
  acknowledged: Set<string>;
}

/**
 * Starts a collector in a folder again and again, lets senders send, and kills it after a random time. What was not answered is sent
 * again to the next one, as senders do.
 */
export async function killCollectors(
  folder: string,
  kills: number,
  random: () => number,
  between: () => Promise<void> = async () => {},
): Promise<Sent> {
  const sent: Sent = { all: new Set(), acknowledged: new Set() };
  let open: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const { url, child } = await startChild(folder);
    const ended = new AbortController();
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (let number = 0; !ended.signal.aborted; number += 1) {
        const ids = [
          ...open.splice(0, 3),
          ...Array.from({ length: 1 + Math.floor(random() * 4) }, (__, index) => `${kill}-${lane}-${number}-${index}`),
        ];
        for (const id of ids) sent.all.add(id);
        if (await isTaken(url, ids)) for (const id of ids) sent.acknowledged.add(id);
        else open = [...open, ...ids];
      }
    });
    await setTimeout(100 + random() * 400);
    if (random() < 0.5) await between();
    child.kill('SIGKILL');
    await once(child, 'close');
    ended.abort();
    await Promise.all(lanes);
  }
  return sent;
}

// --- internal ---

async function startChild(folder: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', join(import.meta.dirname, 'collect-child.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: text.toString().trim(), child };
}

async function isTaken(url: string, ids: readonly string[]): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify(ids.map((id) => ({ event_id: id, event_name: 'sign_up', user_id: `user-${id}` }))),
    });
    const { accepted } = (await answer.json()) as { accepted: number };
    return answer.status === 200 && accepted === ids.length;
  } catch {
    return false;
  }
}
