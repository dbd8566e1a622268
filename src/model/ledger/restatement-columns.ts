/**
 * The columns of a ledger's restatements: what identifies the row, then what is said about it, then each of its values as
 * it was frozen and as it is known.
 */
import type { Model, ModelColumn } from '../contract.ts';

/** What every restatement says, whatever its ledger. */
export const RESTATEMENT_COLUMNS: readonly ModelColumn[] = [
  {
    name: 'change',
    type: 'text',
    description:
      '`changed`: the row would be another now; `removed`: it would not be there; `added`: it would come in; `restored`: what was said before no longer holds.',
  },
  { name: 'changed_columns', type: 'text', description: 'Of a changed row: the columns that differ, with commas.' },
  {
    name: 'cause',
    type: 'text',
    description:
      'What had changed in that build, as far as the engine knows: definition, setting, merge, late data, time, unknown; several with commas.',
  },
  { name: 'because', type: 'text', description: 'The same in full: which SQL, setting, raw table.' },
  { name: 'build_id', type: 'text', description: 'The build that noticed it.' },
  { name: 'noted_at', type: 'timestamptz', description: 'When that was.' },
];

/** The columns of a ledger by what they are for. */
export function ledgerColumns(model: Pick<Model, 'key' | 'grain' | 'columns' | 'ledger'>): {
  /** They identify a row: key and grain. */
  ids: ModelColumn[];
  /** They are compared. */
  values: ModelColumn[];
  /** They are noted. */
  stamps: ModelColumn[];
} {
  const ids = new Set([...Object.keys(model.key), ...model.grain]);
  const stamps = new Set(model.ledger?.stamps);
  return {
    ids: model.columns.filter(({ name }) => ids.has(name)),
    values: model.columns.filter(({ name }) => !ids.has(name) && !stamps.has(name)),
    stamps: model.columns.filter(({ name }) => stamps.has(name)),
  };
}

/** The columns of the restatements of a ledger. */
export function restatementColumns(model: Pick<Model, 'key' | 'grain' | 'columns' | 'ledger'>): ModelColumn[] {
  const { ids, values, stamps } = ledgerColumns(model);
  return [
    ...ids,
    ...RESTATEMENT_COLUMNS,
    ...[...values, ...stamps].flatMap(({ name, type, description }) => [
      { name: restatedName('locked', name), type, description: `As frozen: ${description}` },
      { name: restatedName('known', name), type, description: `As known at noted_at: ${description}` },
    ]),
  ].map(({ name, type, description }) => ({ name, type, description }));
}

/** `locked_credit`, `known_credit`. */
export function restatedName(side: 'locked' | 'known', column: string): string {
  return `${side}_${column}`;
}
