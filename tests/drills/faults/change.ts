/** A world that answers otherwise than the one it is made of. */
import type { CrmObject, CrmRecordType, World, WorldView } from '../../../fixtures/world/types.ts';

export type ChangeView = (view: WorldView) => Partial<WorldView>;

/** The same world, with each view changed by all changes in order. */
export function changedWorld(world: Pick<World, 'at'>, changes: readonly ChangeView[]): Pick<World, 'at'> {
  const views = new Map<string, WorldView>();
  return {
    at(now) {
      const known = views.get(now);
      if (known !== undefined) return known;
      const view = changes.reduce<WorldView>((before, change) => ({ ...before, ...change(before) }), world.at(now));
      views.set(now, view);
      for (const oldest of views.keys()) if (views.size > 4) views.delete(oldest);
      return view;
    },
  };
}

/** CRM records rewritten: all of a type at once, in the order of their numeric ids. */
export function rewritten(
  view: WorldView,
  rewrite: (type: CrmRecordType, objects: readonly CrmObject[]) => readonly CrmObject[],
): Pick<WorldView, 'crmObjects' | 'crmObject'> {
  const told = new Map<CrmRecordType, { list: readonly CrmObject[]; byId: Map<string, CrmObject> }>();
  const read = (type: CrmRecordType): { list: readonly CrmObject[]; byId: Map<string, CrmObject> } => {
    const known = told.get(type);
    if (known !== undefined) return known;
    const list = rewrite(type, view.crmObjects(type)).toSorted((one, other) => Number(one.id) - Number(other.id));
    const made = { list, byId: new Map(list.map((object) => [object.id, object])) };
    told.set(type, made);
    return made;
  };
  return { crmObjects: (type) => read(type).list, crmObject: (type, id) => read(type).byId.get(id) };
}

/** A record with other properties, changed at an instant. */
export function edited(object: CrmObject, at: string, properties: CrmObject['properties']): CrmObject {
  return {
    ...object,
    updatedAt: at > object.updatedAt ? at : object.updatedAt,
    properties: { ...object.properties, ...properties },
  };
}
