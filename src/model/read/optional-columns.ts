/**
 * Feeds grow: a column of theirs that is optional is NULL where a staging model was written without it.
 */
import { identifier } from '../../warehouse/sql.ts';
import type { Feed, Model, ModelColumn } from '../contract.ts';

/** The models, those that join a feed with its optional columns that they leave out. Lines of the SQL stay where they are. */
export function withOptionalColumns(models: readonly Model[], feeds: readonly Feed[]): Model[] {
  return models.map((model) => {
    const own = new Set(model.columns.map(({ name }) => name));
    const feed = feeds.find(({ name }) => name === model.feeds);
    const missing = (feed?.columns ?? []).filter(({ name, optional }) => optional === true && !own.has(name));
    return missing.length === 0 ? model : completed(model, missing);
  });
}

// --- internal ---

function completed(model: Model, missing: readonly ModelColumn[]): Model {
  const given = model.columns.map(({ name }) => `given.${identifier(name)}`);
  const empty = missing.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`);
  return {
    ...model,
    columns: [...model.columns, ...missing.map(({ name, type, description }) => ({ name, type, description }))],
    sql: `select ${[...given, ...empty].join(', ')} from (${model.sql}\n) as given`,
  };
}
