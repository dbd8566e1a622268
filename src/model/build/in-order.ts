/**
 * Steps that need each other, as many at once as there is room for.
 */

/**
 * Runs every step once those are done that it needs; of the ready ones the first in order comes first, so that one at a
 * time they run in the order given, which must have no step before one that it needs. After an error no step begins; it is
 * thrown when those under way have ended, the earliest in order first.
 */
export async function inOrder<Step extends { name: string }>(
  steps: readonly Step[],
  options: { needs: (name: string) => ReadonlySet<string>; atOnce: number },
  run: (step: Step) => Promise<void>,
): Promise<void> {
  const open = new Set(steps.map(({ name }) => name));
  const waiting = steps.map((step) => ({
    step,
    needs: [...options.needs(step.name)].filter((name) => open.has(name)),
  }));
  const running = new Map<string, Promise<void>>();
  const errors = new Map<string, unknown>();

  const start = (step: Step): void => {
    const ended = run(step)
      .catch((error: unknown) => void errors.set(step.name, error))
      .finally(() => {
        open.delete(step.name);
        running.delete(step.name);
      });
    running.set(step.name, ended);
  };
  const startReady = (): void => {
    while (running.size < options.atOnce && errors.size === 0) {
      const ready = waiting.findIndex(({ needs }) => !needs.some((name) => open.has(name)));
      const [next] = ready < 0 ? [] : waiting.splice(ready, 1);
      if (next === undefined) return;
      start(next.step);
    }
  };

  for (startReady(); running.size > 0; startReady()) await Promise.race(running.values());
  const first = steps.find(({ name }) => errors.has(name));
  if (first !== undefined) throw errors.get(first.name);
}
