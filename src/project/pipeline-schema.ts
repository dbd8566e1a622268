/**
 * Checks the `pipeline` of a config: versions of what lead, mql, sql, opportunity and customer mean.
 */
import { z } from 'zod';

import { CONVERSION_TYPES, STAGE_NEEDS } from './config.ts';

const name = z.string().min(1);
const names = z.union([name.transform((one) => [one]), z.array(name).min(1)], {
  error: 'expected an id, or a list of them',
});

const condition = z
  .strictObject({
    contact: z.enum(['created', 'form'], { error: "expected 'created' or 'form'" }).optional(),
    lifecycleStage: names.optional(),
    deal: z.enum(['created', 'won'], { error: "expected 'created' or 'won'" }).optional(),
    dealStage: names.optional(),
    event: names.optional(),
    form: z.literal('submitted', { error: "expected 'submitted'" }).optional(),
    payment: z.enum(['first', 'each'], { error: "expected 'first' or 'each'" }).optional(),
    pipeline: names.optional(),
    source: name.optional(),
  })
  .check(({ value, issues }) => {
    const given = KINDS.filter((kind) => value[kind] !== undefined);
    const report = (path: string[], message: string): void => {
      issues.push({ code: 'custom', input: value, path, message });
    };
    if (given.length !== 1) report([], `expected exactly one of ${KINDS.join(', ')}`);
    if (value.pipeline !== undefined && value.deal === undefined && value.dealStage === undefined) {
      report(['pipeline'], 'only deals are in a pipeline: it belongs to deal or dealStage');
    }
  });

const stage = z
  .strictObject({
    name: z.enum(CONVERSION_TYPES, { error: `expected one of ${CONVERSION_TYPES.join(', ')}` }),
    when: z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(condition)),
  })
  .check(({ value, issues }) => {
    for (const [index, { deal, form, contact, payment }] of value.when.entries()) {
      const report = (kind: string, message: string): void => {
        issues.push({ code: 'custom', input: kind, path: ['when', index, kind], message });
      };
      if (payment !== undefined && value.name !== 'customer') report('payment', 'who pays is a customer');
      if ((form !== undefined || contact === 'form') && value.name === 'customer') {
        report(form === undefined ? 'contact' : 'form', 'a form makes no customer; name an event, or a payment');
      }
      const wrong = value.name === 'customer' ? deal === 'created' : deal === 'won';
      if (!wrong) continue;
      const message =
        value.name === 'customer'
          ? 'a deal makes a customer while it is won, or in a dealStage: not when it is created'
          : "'won' is for customers; name the stages with dealStage";
      issues.push({ code: 'custom', input: deal, path: ['when', index, 'deal'], message });
    }
  });

const criterion = z.strictObject({
  dealStage: names,
  needs: z.array(z.enum(STAGE_NEEDS, { error: `expected one of ${STAGE_NEEDS.join(', ')}` })).min(1),
  pipeline: names.optional(),
  source: name.optional(),
});

const version = z.strictObject({
  version: z
    .union([name, z.number()], { error: 'expected a name or a number' })
    .transform(String)
    .refine((given) => given !== 'shipped', {
      error: 'shipped is the definition that comes with revops: choose another name',
    }),
  effectiveFrom: z.iso.date({ error: "expected a day as 'YYYY-MM-DD'" }).optional(),
  stages: z.array(stage).check(({ value, issues }) => {
    for (const [index, own] of value.entries()) {
      if (value.findIndex((other) => other.name === own.name) === index) continue;
      const message = `${own.name} is there already: give it several conditions in one \`when\``;
      issues.push({ code: 'custom', input: own.name, path: [index, 'name'], message });
    }
  }),
  criteria: z.array(criterion).default([]),
});

/** One version or a list of them, as a list; empty where nothing is declared. */
export const pipelineVersions = z
  .preprocess((given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]), z.array(version))
  .check(({ value, issues }) => {
    for (const [index, own] of value.entries()) {
      const before = value[index - 1];
      const report = (path: string, message: string): void => {
        issues.push({ code: 'custom', input: own, path: [index, path], message });
      };
      if (value.findIndex((other) => other.version === own.version) < index) {
        report('version', `there is a version ${own.version} already`);
      }
      if (before === undefined) continue;
      if (own.effectiveFrom === undefined) report('effectiveFrom', 'missing: only the first version holds since ever');
      else if (own.effectiveFrom <= (before.effectiveFrom ?? '')) {
        report('effectiveFrom', `expected a day after ${before.effectiveFrom}, when version ${before.version} begins`);
      }
    }
  });

export type PipelineVersions = z.output<typeof pipelineVersions>;

// --- internal ---

const KINDS = ['contact', 'lifecycleStage', 'deal', 'dealStage', 'event', 'form', 'payment'] as const;
