/**
 * JSON Schemas of the YAML files that people write, made of what the program checks them by.
 */
import { z } from 'zod';

import { headerSchema } from '../../src/model/read/header.ts';
import { caseSchema } from '../../src/model/unit/read-case.ts';
import { trackingPlanSchema } from '../../src/project/tracking-plan.ts';

export interface YamlSchema {
  name: string;
  title: string;
  schema: z.ZodType;
  /** Files of this repository that it is for. */
  files: string;
}

export const SCHEMAS: readonly YamlSchema[] = [
  {
    name: 'feed',
    title: 'A feed: models/feeds/<name>.yml',
    schema: headerSchema('feed'),
    files: 'models/feeds/*.yml',
  },
  {
    name: 'reference',
    title: 'Relations that no SELECT makes, by name: models/reference/*.yml',
    schema: z.record(z.string(), headerSchema('input')),
    files: 'models/reference/*.yml',
  },
  {
    name: 'case',
    title: 'A unit case of a model: fixtures/cases/<model>/<case>/case.yml',
    schema: caseSchema(),
    files: 'fixtures/cases/*/*/case.yml',
  },
  {
    name: 'tracking-plan',
    title: 'A tracking plan: tracking-plan.yml',
    schema: trackingPlanSchema(),
    files: 'fixtures/**/tracking-plan.yml',
  },
];

export function schemaText({ title, schema }: YamlSchema): string {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'bigint') jsonSchema.type = 'integer';
      if (def.type === 'pipe' && def.in._zod.def.type === 'transform') withShorthand(jsonSchema);
    },
  });
  return `${JSON.stringify({ title, ...made }, null, 2)}\n`;
}

// --- internal ---

/** A mapping that is prepared before it is checked may be one word: that of its `type`. */
function withShorthand(mapping: z.core.JSONSchema.BaseSchema): void {
  const whole = { ...mapping };
  const type = whole.properties?.['type'];
  for (const key of Object.keys(mapping)) delete mapping[key];
  mapping.anyOf = typeof type === 'object' ? [type, whole] : [whole];
}
