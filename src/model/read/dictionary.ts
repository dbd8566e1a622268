/**
 * The dictionary of fields: what a feed says a column may hold, every staging model that joins it is tested for.
 */
import type { DataTest, Feed, Model, ModelColumn } from '../contract.ts';
import type { Problem } from '../problems.ts';

/**
 * The models, those that join a feed with a test for each of its columns that has a list of values. A model's own list may
 * be shorter and know no other value: that is a problem.
 */
export function heldToFeeds(models: readonly Model[], feeds: readonly Feed[], problems: Problem[]): Model[] {
  return models.map((model) => {
    const feed = feeds.find(({ name }) => name === model.feeds);
    if (feed === undefined) return model;
    const missing = feed.columns.flatMap((column) => missingTest(model, feed.name, column, problems));
    return missing.length === 0 ? model : { ...model, tests: [...model.tests, ...missing] };
  });
}

// --- internal ---

function missingTest(model: Model, feed: string, column: ModelColumn, problems: Problem[]): DataTest[] {
  const { name, values } = column;
  const own = model.columns.find((candidate) => candidate.name === name);
  if (values === undefined || own === undefined) return [];
  const listed = model.tests.find((test) => test.kind === 'accepted_values' && test.column === name);
  const unknown =
    listed === undefined ? [] : (listed.arguments as unknown[]).filter((value) => !values.includes(String(value)));
  if (unknown.length > 0) {
    problems.push({
      code: 'MODEL_INVALID',
      file: model.file,
      line: listed?.line ?? own.line ?? 1,
      message: `column ${name} accepts ${unknown.join(', ')}, which the feed ${feed} does not know: it has ${values.join(', ')}`,
    });
  }
  const isHeld = listed !== undefined && listed.severity === 'error' && listed.where === undefined;
  if (isHeld) return [];
  return [
    {
      kind: 'accepted_values',
      column: name,
      arguments: [...values],
      severity: 'error',
      ...(own.line === undefined ? {} : { line: own.line }),
    },
  ];
}
