/**
 * A unit case of a model: rows of what it reads, and the rows it must give.
 */
import type { RunMode } from '../build/build-options.ts';
import type { InputRow } from '../contract.ts';

/** Where something stands. */
export interface CasePlace {
  /** Absolute path. */
  file: string;
  /** 1-based. */
  line: number;
}

/** A row as it is written, with its place. */
export interface CaseRow extends CasePlace {
  values: InputRow;
}

export interface GivenRows extends CasePlace {
  rows: CaseRow[];
}

/** What is wrong with a case's files. */
export interface CaseProblem extends CasePlace {
  message: string;
}

export interface CaseStep extends CasePlace {
  /** Rows by relation; in the first step what is left out is empty, shipped lists are as shipped. */
  given: Record<string, GivenRows>;
  /** Rows of earlier steps that are gone, by the columns listed. */
  removed: Record<string, GivenRows>;
  /** Columns of one-row inputs, over the standard ones and those of earlier steps: `settings`, `clock`. */
  over: Record<string, GivenRows>;
  expect: GivenRows;
  /** How the engine must have brought the model to this step. */
  ran?: RunMode;
}

export interface UnitCase extends CasePlace {
  model: string;
  name: string;
  /** What the case shows. */
  description: string;
  /** `revops` (packaged) or the project. */
  origin: string;
  /** The common table expression whose rows are expected, instead of the model's. */
  cte?: string;
  /** Only rows with these values are compared; empty: all. */
  only: InputRow;
  /** One at least: `given` and `expect`, then each of `then`. */
  steps: CaseStep[];
  /** Over the rows of the engine's one-row inputs that its folder has for all cases. */
  standard: Record<string, InputRow>;
  /** Rows of lists that its case was written with, where the project has others now. */
  lists: Record<string, readonly InputRow[]>;
  /** Of all its files: the same for the same content. */
  digest: string;
  /** Not empty: the case cannot run. */
  problems: CaseProblem[];
}

/** `deals/when_won`. */
export function caseLabel({ model, name }: Pick<UnitCase, 'model' | 'name'>): string {
  return `${model}/${name}`;
}
