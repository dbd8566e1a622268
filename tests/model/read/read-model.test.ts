import { expect, it } from 'vitest';

import type { Problem } from '../../../src/model/problems.ts';
import { readModel } from '../../../src/model/read/read-model.ts';
import type { Model } from '../../../src/model/contract.ts';

const CHECKS = new Set(['credits_sum_to_one']);

function read(
  text: string,
  layer: 'core' | 'staging' | 'quality' = 'core',
): { model: Model | undefined; problems: string[] } {
  const problems: Problem[] = [];
  const model = readModel(
    text,
    { name: 'credits', layer, origin: 'revops', file: 'models/core/credits.sql', checks: CHECKS },
    problems,
  );
  return { model, problems: problems.map((problem) => `${problem.line ?? '?'}: ${problem.message}`) };
}

/** Lists of nine lists of nine lists …, in some short lines. */
function bomb(depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, at) =>
      `x${at}: &x${at} [${Array(9)
        .fill(at === 0 ? 'x' : `*x${at - 1}`)
        .join(', ')}]\n`,
  );
  return lines.join('');
}

const HEADER = `/*
description: Credits.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  credit:
    type: double
    description: Share.
    tests:
      - { between: [0, 1], severity: warning, where: conversion_id <> '' }
tests:
  - credits_sum_to_one
  - expression: credit >= 0
tags: [attribution]
*/`;

it('A model is its header and its SELECT', () => {
  const { model, problems } = read(`${HEADER}\n\n-- why\nselect 1;\n`);
  expect(problems).toEqual([]);
  expect(model).toMatchObject({
    name: 'credits',
    materialized: 'table',
    key: { conversion_id: {} },
    sql: '-- why\nselect 1',
    sqlLine: 18,
    columns: [
      { name: 'conversion_id', type: 'text', line: 6 },
      { name: 'credit', type: 'double', line: 7 },
    ],
    tests: [
      { kind: 'not_null', column: 'conversion_id', severity: 'error' },
      {
        kind: 'between',
        column: 'credit',
        arguments: [0, 1],
        severity: 'warning',
        where: "conversion_id <> ''",
        line: 11,
      },
      { kind: 'credits_sum_to_one', arguments: null, line: 13 },
      { kind: 'expression', arguments: 'credit >= 0' },
    ],
  });
});

it('A key can have other names in parents', () => {
  const { model } = read(
    HEADER.replace('key: conversion_id', 'key: { conversion_id: { touches: id }, credit: }') + 'select 1',
  );
  expect(model?.key).toEqual({ conversion_id: { touches: 'id' }, credit: {} });
});

it.each<[string, string, string]>([
  ['an unknown key', HEADER.replace('grain:', 'grian:'), '3: unknown key grian; did you mean grain?'],
  [
    'an unknown key of a column',
    HEADER.replace('description: Share.', 'describtion: Share.'),
    '9: unknown key columns.credit.describtion; did you mean description?',
  ],
  ['a missing grain', HEADER.replace('grain: [conversion_id]\n', ''), '1: grain is missing'],
  [
    'a missing description of a column',
    HEADER.replace('    description: Share.\n', ''),
    '7: columns.credit.description is missing',
  ],
  [
    'an unknown type',
    HEADER.replace('type: double', 'type: float'),
    '8: columns.credit.type: unknown type "float"; types are text, integer, bigint, double, boolean, date, timestamptz, json, decimal(p,s)',
  ],
  [
    'a grain that is no column',
    HEADER.replace('grain: [conversion_id]', 'grain: [conversion]'),
    '3: grain names conversion, which is no column; did you mean conversion_id?',
  ],
  [
    'a key that is no column',
    HEADER.replace('key: conversion_id', 'key: person'),
    '4: key names person, which is no column',
  ],
  [
    'an unknown test',
    HEADER.replace('[not_null]', '[not_nul]'),
    '6: column conversion_id: unknown test not_nul; did you mean not_null?',
  ],
  [
    'an unknown check',
    HEADER.replace('- credits_sum_to_one', '- credits_sum_to_two'),
    '13: unknown test credits_sum_to_two; did you mean credits_sum_to_one?',
  ],
  [
    'a test with two kinds',
    HEADER.replace('- expression: credit >= 0', '- { expression: credit >= 0, row_count: { equals: deals } }'),
    '14: a test has one kind, besides severity and where; found expression, row_count',
  ],
  [
    'a wrong argument',
    HEADER.replace('[0, 1]', '[0, 1, 2]'),
    '11: column credit: test between: Too big: expected array to have <=2 items',
  ],
  [
    'an unknown severity',
    HEADER.replace('severity: warning', 'severity: notice'),
    '11: column credit: severity: Invalid option: expected one of "error"|"warn"|"warning"',
  ],
  [
    'a name with capitals',
    HEADER.replace('  credit:', '  Credit:'),
    '7: columns.Credit: names are lower case letters, digits and _, at most 63',
  ],
  [
    'a view outside of staging',
    HEADER.replace('key: conversion_id', 'materialized: view'),
    '1: materialized: view is for staging models only',
  ],
  [
    'a source outside of staging',
    HEADER.replace('key: conversion_id', 'source: hubspot.deals'),
    '1: only staging models read raw tables: source and reads belong to models/staging',
  ],
  [
    'broken YAML',
    HEADER.replace('grain: [conversion_id]', 'grain: [conversion_id'),
    '4: the header is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'YAML that multiplies itself',
    HEADER.replace('grain:', `${bomb(9)}grain:`),
    '1: the header is not valid YAML: Excessive alias count indicates a resource exhaustion attack',
  ],
])('%s is told with its line', (_, header, problem) => {
  const { model, problems } = read(`${header}\nselect 1`);
  expect(model).toBeUndefined();
  expect(problems[0]).toBe(problem);
});

it('A model of models/quality is a check with what to do, and its rows are findings; no other model is one', () => {
  const columns = `  subject: { type: text, description: What it is about. }
  day: { type: date, description: Day. }
  severity: { type: text, description: How grave. }
  detail: { type: text, description: What. }`;
  const header = (check: string, own = columns): string =>
    `/*\ndescription: Late.\ngrain: [subject]\n${check}columns:\n${own}\n*/\nselect 1`;
  const check = 'check: { gates: freshness, remedy: Run it. }\n';
  expect(read(header(check), 'quality').model?.check).toEqual({ gates: 'freshness', remedy: 'Run it.' });
  expect(read(header(check)).problems).toEqual(['1: only models of models/quality are checks: `check` belongs there']);
  expect(read(header(''), 'quality').problems).toEqual([
    '1: a model of models/quality is a check: `check: { remedy: what to do }`',
  ]);
  expect(read(header(check, columns.replace('type: date', 'type: timestamptz')), 'quality').problems).toEqual([
    '1: a check has a column day of type date',
  ]);
  expect(read(header(`${check}materialized: view\n`), 'quality').problems).toEqual([
    '1: materialized: view is for staging models only',
  ]);
});

it('A file without a header, or without a SELECT, is no model', () => {
  expect(read('select 1').problems).toEqual(['1: no header: a model begins with /* description, grain, columns … */']);
  expect(read(`\n${HEADER}\n`).problems).toEqual(['18: no SELECT after the header']);
});

it('A staging model names its raw table and what it reads', () => {
  expect(read(`${HEADER}\nselect 1`, 'staging').problems).toEqual([
    '1: a staging model names its raw table (`source: connector.table`) and the columns it reads (`reads: { column: type }`)',
  ]);
  const header = HEADER.replace('tags:', 'source: google-ads.campaigns\nreads: { id: text }\nfeeds: ad_spend\ntags:');
  expect(read(`${header}\nselect 1`, 'staging').model).toMatchObject({
    materialized: 'view',
    feeds: 'ad_spend',
    source: { connector: 'google_ads', table: 'campaigns', columns: { id: 'text' } },
  });
});
