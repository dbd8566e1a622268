/**
 * Checks the `holdouts` of a config: experiments in which a share of the people is kept from ads.
 */
import { z } from 'zod';

const day = z.iso.date({ error: "expected a day as 'YYYY-MM-DD'" });

const holdout = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: 'expected letters, digits, . _ and -' }),
    salt: z.string().min(1).optional(),
    unit: z.literal('person', { error: "expected 'person'" }).default('person'),
    share: z
      .number()
      .gt(0)
      .lt(1, { error: 'expected a share of less than 1: somebody has to see ads' })
      .multipleOf(0.000001),
    from: day,
    to: day.optional(),
    channels: z.array(z.string().min(1)).min(1).optional(),
  })
  .check(({ value, issues }) => {
    if (value.to === undefined || value.to >= value.from) return;
    issues.push({ code: 'custom', input: value.to, path: ['to'], message: `it ends before it begins, ${value.from}` });
  });

/** Experiments, each name once. */
export const holdouts = z
  .array(holdout)
  .check(({ value, issues }) => {
    for (const [index, { name }] of value.entries()) {
      if (value.findIndex((other) => other.name === name) === index) continue;
      issues.push({ code: 'custom', input: name, path: [index, 'name'], message: `${name} is there twice` });
    }
  })
  .default([]);

export type Holdouts = z.output<typeof holdouts>;
