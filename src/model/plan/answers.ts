/**
 * Whether a build brings the checks and the marts they stand for up to date together: a number is as good as the checks
 * that looked at what it was made from, and a selection can leave either behind.
 */
import type { CompiledProject, Relation } from '../relation.ts';
import type { Answers, PublishedRelation } from '../store/state.ts';
import type { Plan } from './plan.ts';

/** What a build of that plan does for answers. `published`: what is shown before it. */
export function answersOf(
  compiled: CompiledProject,
  plan: Plan,
  published: ReadonlyMap<string, PublishedRelation>,
): Answers {
  const leftOut = new Set(plan.relations.flatMap(({ name, isLeftOut }) => (isLeftOut === true ? [name] : [])));
  const behind = new Set<string>();
  // parents come first
  for (const { name, parents } of compiled.relations)
    if (leftOut.has(name) || parents.some((parent) => behind.has(parent))) behind.add(name);
  const isShown = ({ name }: Relation): boolean => published.has(name) || !leftOut.has(name);
  const answers = compiled.relations.filter(
    (relation) => isCheck(relation) || (isShippedMart(relation) && isShown(relation)),
  );
  if (answers.every(({ name }) => !behind.has(name))) return { scope: 'whole', checks: checksIn(compiled) };
  return { scope: answers.every(({ name }) => leftOut.has(name)) ? 'none' : 'part', checks: null };
}

// --- internal ---

function isCheck(relation: Relation): boolean {
  return relation.kind === 'model' && relation.model.check !== undefined;
}

/** As it came or replaced; marts of a project's own are no budget's. */
function isShippedMart(relation: Relation): boolean {
  const { schema, origin } = relation;
  return (
    schema === 'marts' && (origin === 'revops' || (relation.kind === 'model' && relation.model.replaces === 'revops'))
  );
}

function checksIn({ relations }: CompiledProject): NonNullable<Answers['checks']> {
  return relations.flatMap((relation) =>
    relation.kind !== 'model' || relation.model.check === undefined
      ? []
      : [
          {
            name: relation.name,
            gates: relation.model.check.gates ?? null,
            tags: relation.model.tags,
            isByDay: relation.grain.includes('day'),
          },
        ],
  );
}
