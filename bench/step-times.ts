import type { BuildReport } from '../src/model/index.ts';

export interface StepTimes {
  /** By relation: making its rows, running its data tests. */
  relations: Record<string, { made: number; tested: number; ran: string; rows: number | null; written: number | null }>;
  /** All that is not one relation's: the plan, keeping what changed, publishing, clearing up. */
  rest: number;
}

/** Takes the seconds of a build apart by the steps it tells of. */
export function timedSteps(): { times: StepTimes; onStep: (step: string) => void; end(report: BuildReport): void } {
  const times: StepTimes = { relations: {}, rest: 0 };
  let last = performance.now();
  const passed = (): number => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
  const of = (name: string): StepTimes['relations'][string] =>
    (times.relations[name] ??= { made: 0, tested: 0, ran: 'view', rows: null, written: null });
  return {
    times,
    onStep(step) {
      const [, what, name] = /^(made|tested|touched) (\w+)$/.exec(step) ?? [];
      if (name === undefined) times.rest += passed();
      else of(name)[what === 'tested' ? 'tested' : 'made'] += passed();
    },
    end(report) {
      times.rest += passed();
      for (const { name, ran, rows, written } of report.relations)
        if (times.relations[name] !== undefined && ran !== null) Object.assign(of(name), { ran, rows, written });
    },
  };
}
