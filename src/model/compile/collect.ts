/**
 * All relations of a project by name, before any SQL is read.
 */
import type { EngineName } from '../../warehouse/types.ts';
import { relationsOf } from './companions.ts';
import type { Feed, Model, ModelProject } from '../contract.ts';
import type { Declared } from '../read/declared.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';

/** The relations an engine builds; a name that is taken, and arms that do not fit their feed, are problems. */
export function collect(project: ModelProject, engine: EngineName, problems: Problem[]): Map<string, Declared> {
  const models = project.models.filter((model) => model.engine === undefined || model.engine === engine);
  const declared: Declared[] = [
    ...project.inputs.map((input): Declared => ({ kind: 'input', name: input.name, file: input.file, input })),
    ...project.feeds.map((feed): Declared => ({
      kind: 'feed',
      name: `${feed.name}_feed`,
      file: feed.file,
      feed,
      arms: models.filter((model) => model.feeds === feed.name).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
    ...models.flatMap(relationsOf),
  ];
  const byName = new Map<string, Declared>();
  for (const relation of declared) {
    const twin = byName.get(relation.name);
    const report = (message: string): number => problems.push({ code: 'MODEL_INVALID', file: relation.file, message });
    if (RESERVED.has(relation.name)) report(`the name ${relation.name} has a meaning of its own in models and checks`);
    else if (twin !== undefined) report(`a second ${relation.name}; the first is ${twin.file}`);
    else byName.set(relation.name, relation);
    if (relation.kind === 'feed') for (const arm of relation.arms) checkArm(arm, relation.feed, problems);
  }
  const feeds = project.feeds.map((feed) => feed.name);
  for (const { feeds: feed, file, name } of models) {
    if (feed !== undefined && !feeds.includes(feed)) {
      problems.push({
        code: 'MODEL_UNKNOWN_RELATION',
        file,
        line: 1,
        message: `${name} joins the feed ${feed}, which does not exist${didYouMean(feed, feeds)}`,
      });
    }
  }
  return byName;
}

// --- internal ---

const RESERVED: ReadonlySet<string> = new Set(['source', 'model', 'arguments']);

function checkArm(arm: Model, feed: Feed, problems: Problem[]): void {
  const report = (line: number | undefined, message: string): void => {
    problems.push({ code: 'MODEL_INVALID', file: arm.file, line: line ?? 1, message });
  };
  const own = new Map(arm.columns.map((column) => [column.name, column]));
  for (const column of feed.columns) {
    const mine = own.get(column.name);
    if (mine === undefined)
      report(
        undefined,
        `the feed ${feed.name} needs the column ${column.name} (${column.type}); without a value, give cast(null as ${column.type}) as ${column.name}`,
      );
    else if (mine.type !== column.type)
      report(mine.line, `column ${column.name} is ${mine.type}, the feed ${feed.name} wants ${column.type}`);
  }
  const names = feed.columns.map((column) => column.name);
  for (const column of arm.columns) {
    if (!names.includes(column.name))
      report(column.line, `the feed ${feed.name} has no column ${column.name}${didYouMean(column.name, names)}`);
  }
}
