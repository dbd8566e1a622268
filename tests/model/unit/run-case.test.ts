import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CaseWarehouse } from '../../../src/model/unit/index.ts';
import { engines } from '../../support/warehouses.ts';
import { model } from '../project.ts';
import { caseProject, openEngine, resultsOf } from './small-cases.ts';

for (const engine of engines) {
  describe(engine, () => {
    let opened: CaseWarehouse;

    beforeAll(async () => {
      opened = await openEngine(engine);
    });

    afterAll(async () => {
      await opened.close();
    });

    test('A case gives rows and expects rows, in any order; columns left out are NULL, lists are as shipped.', async () => {
      const project = await caseProject(engine, {
        'deals/euros/case.yml': [
          'description: dollars become euros',
          'settings: { factor: 10 }',
          'given:',
          '  deals_feed:',
          '    - { deal_id: a, amount: 100, currency: USD, tags: { b: [1, 2], a: x } }',
          '    - { deal_id: b, amount: "3.5" }',
          'expect:',
          '  - { deal_id: b, owner: null, amount: 70, share: 2.33333333, tags: null }',
          '  - { deal_id: a, owner: null, amount: 1000, share: 33.3333333, tags: { a: x, b: [1, 2] } }',
        ].join('\n'),
        'totals/none/case.yml': 'description: nothing is no deal\nexpect: [{ deals: 0 }]\n',
        'crm_deals/staging/case.yml':
          'description: a raw table\ngiven: { source: [{ id: x, amount: "7" }] }\nexpect: [{ deal_id: X, amount: 7 }]\n',
      });
      const results = await resultsOf(opened, project);
      expect(Object.values(results).flatMap(({ failures }) => failures)).toEqual([]);
      expect(results['deals/euros']).toMatchObject({ status: 'passed', isSplit: true });
      expect(results['totals/none']).toMatchObject({ status: 'passed', isSplit: false });
      expect(results['crm_deals/staging']).toMatchObject({ status: 'passed' });
    });

    test('What differs is told cell by cell, rows by their grain, with the line of the expected row.', async () => {
      const project = await caseProject(engine, {
        'deals/wrong/case.yml': [
          'description: wrong on purpose',
          'given:',
          '  deals_feed:',
          '    - { deal_id: a, owner: x, amount: 1 }',
          '    - { deal_id: b, owner: y, amount: 2 }',
          'expect:',
          '  - { deal_id: b, owner: z, amount: 5 }',
          '  - { deal_id: c, owner: z, amount: 5 }',
        ].join('\n'),
      });
      const [failure] = (await resultsOf(opened, project))['deals/wrong']?.details ?? [];
      expect(failure?.message).toBe('expected 2 rows, found 2: 1 differs, 1 is missing, 1 is not expected');
      expect(failure?.differences).toMatchObject([
        {
          kind: 'changed',
          identity: { deal_id: 'b' },
          cells: [
            { column: 'owner', expected: 'z', found: 'y' },
            { column: 'amount', expected: '5.000000', found: '4.000000' },
          ],
          place: { line: 7 },
        },
        { kind: 'missing', row: { deal_id: 'c' }, place: { line: 8 } },
        { kind: 'unexpected', row: { deal_id: 'a', owner: 'x', amount: '2.000000' } },
      ]);
    });

    test('Rows stand in the case, or in CSV, JSON or YAML files beside it.', async () => {
      const project = await caseProject(engine, {
        'deals/files/case.yml':
          'description: files\ngiven: { deals_feed: first.csv }\nexpect: expected.json\nthen:\n  - given: { deals_feed: more.yml }\n    expect: [{ deal_id: a, owner: "x, y" }, { deal_id: b, owner: null }, { deal_id: c, owner: z }]\n',
        'deals/files/first.csv': 'deal_id,owner\na,"x, y"\nb,\n',
        'deals/files/expected.json': '[{"deal_id": "b", "owner": null}, {"deal_id": "a", "owner": "x, y"}]',
        'deals/files/more.yml': '- { deal_id: c, owner: z }\n',
        'deals/folder/given/deals_feed.csv': 'deal_id,owner\na,x\n',
        'deals/folder/expect.csv': 'owner,deal_id\nx,a\n',
      });
      const results = await resultsOf(opened, project);
      expect(results['deals/files']?.failures).toEqual([]);
      expect(results['deals/folder']).toMatchObject({ status: 'passed', failures: [] });
    });

    test('A common table expression can be looked at by itself.', async () => {
      const given = 'given: { deals_feed: [{ deal_id: a, amount: 4, currency: USD }] }\n';
      const project = await caseProject(engine, {
        'deals/cte/case.yml': `description: the first step\ncte: in_euro\n${given}expect: [{ deal_id: a, amount: 4 }]\n`,
        'deals/cte_wrong/case.yml': `description: the last step\ncte: doubled\n${given}expect: [{ deal_id: a, amount: 5, factor: 1 }]\n`,
      });
      const results = await resultsOf(opened, project);
      expect(results['deals/cte']?.failures).toEqual([]);
      expect(results['deals/cte_wrong']?.details[0]?.differences).toMatchObject([
        { kind: 'changed', cells: [{ column: 'amount' }] },
      ]);
    });

    test('Steps go through the engine: touched keys only, lookups and settings whole, time by the keys that wake.', async () => {
      const project = await caseProject(engine, {
        'deals/steps/case.yml': [
          'description: what a second and a third load do',
          'given:',
          '  deals_feed:',
          '    - { deal_id: a, owner: x, amount: 1, due_date: 2025-01-03 }',
          '    - { deal_id: b, owner: x, amount: 2 }',
          'expect:',
          '  - { deal_id: a, owner: x, is_due: false }',
          '  - { deal_id: b, owner: x, is_due: false }',
          'then:',
          '  - given: { deals_feed: [{ deal_id: b, owner: y }, { deal_id: c, owner: z }] }',
          '    ran: incremental',
          '    expect: [{ deal_id: a, owner: x }, { deal_id: b, owner: y }, { deal_id: c, owner: z }]',
          '  - removed: { deals_feed: [{ deal_id: b }] }',
          '    ran: incremental',
          '    expect: [{ deal_id: a, owner: x }, { deal_id: c, owner: z }]',
          '  - ran: unchanged',
          '    expect: [{ deal_id: a }, { deal_id: c }]',
          '  - clock: { today: 2025-01-05 }',
          '    ran: incremental',
          '    expect: [{ deal_id: a, is_due: true }, { deal_id: c, is_due: false }]',
          '  - settings: { factor: 3 }',
          '    ran: full',
          '    expect: [{ deal_id: a, is_due: true, amount: 6 }, { deal_id: c, is_due: false, amount: null }]',
        ].join('\n'),
      });
      const result = (await resultsOf(opened, project))['deals/steps'];
      expect(result?.failures).toEqual([]);
      expect(result?.ran).toEqual(['full', 'incremental', 'incremental', 'unchanged', 'incremental', 'full']);
    });

    test('A ledger keeps what it froze, whatever later steps would make of it.', async () => {
      const project = await caseProject(engine, {
        'frozen/once/case.yml': [
          'description: an amount is frozen when it is first there',
          'given: { deals: [{ deal_id: a, amount: 1 }, { deal_id: b }] }',
          'expect: [{ deal_id: a, amount: 1 }]',
          'then:',
          '  - given: { deals: [{ deal_id: a, amount: 5 }, { deal_id: b, amount: 2 }] }',
          '    ran: incremental',
          '    expect: [{ deal_id: a, amount: 1 }, { deal_id: b, amount: 2 }]',
          '  - removed: { deals: [{ deal_id: a }] }',
          '    expect: [{ deal_id: a, amount: 1 }, { deal_id: b, amount: 2 }]',
        ].join('\n'),
        'frozen/twice/case.yml':
          'given: { deals: [{ deal_id: a, amount: 7 }] }\nexpect: [{ deal_id: a, amount: 7 }]\nthen: [{ expect: [{ deal_id: a, amount: 8 }] }]\n',
      });
      const results = await resultsOf(opened, project);
      expect(results['frozen/once']?.failures).toEqual([]);
      expect(results['frozen/once']).toMatchObject({ isSplit: true });
      expect(results['frozen/twice']?.failures).toEqual([
        expect.stringMatching(/^frozen\/twice\/case\.yml:3: step 2: expected 1 row, found 1: 1 differs/),
      ]);
    });

    test('What a ledger was told after it froze its rows is a case of its restatements.', async () => {
      const first = 'given: { deals: [{ deal_id: a, amount: 1 }, { deal_id: b, amount: 2 }] }\nexpect: []\nthen:\n';
      const project = await caseProject(engine, {
        'frozen_restatements/told/case.yml': [
          'description: an amount that changes, and comes back; a deal that goes',
          `${first}  - given: { deals: [{ deal_id: a, amount: 5 }] }`,
          '    ran: incremental',
          '    expect: [{ deal_id: a, change: changed, locked_amount: 1, known_amount: 5 }]',
          '  - given: { deals: [{ deal_id: a, amount: 1 }] }',
          '    removed: { deals: [{ deal_id: b }] }',
          '    expect:',
          '      - { deal_id: a, change: changed, changed_columns: amount, build_id: b2 }',
          '      - { deal_id: a, change: restored, changed_columns: null, build_id: b3 }',
          '      - { deal_id: b, change: removed, changed_columns: null, build_id: b3 }',
        ].join('\n'),
        'frozen_restatements/wrong/case.yml': `${first}  - given: { deals: [{ deal_id: a, amount: 5 }] }\n    expect: [{ deal_id: a, known_amount: 6 }]\n`,
        'frozen_restatements/part/case.yml': 'cte: in_euro\nexpect: []\n',
      });
      const results = await resultsOf(opened, project);
      expect(results['frozen_restatements/told']?.failures).toEqual([]);
      expect(results['frozen_restatements/told']).toMatchObject({ status: 'passed', isSplit: true });
      expect(results['frozen_restatements/wrong']?.details[0]?.differences).toMatchObject([
        { kind: 'changed', cells: [{ column: 'known_amount', expected: '6.000000', found: '5.000000' }] },
      ]);
      expect(results['frozen_restatements/part']?.failures[0]).toContain(
        'frozen_restatements has no SQL of its own: a case with cte is one of frozen',
      );
    });

    test('Connected components, and what became of them, are cases of their own.', async () => {
      const link = (id: string, one: string, other: string): string =>
        `{ link_id: ${id}, one: ${one}, other: ${other}, seen_at: 2025-01-0${id} }`;
      const given = `given: { links: [${link('1', 'a', 'b')}, ${link('2', 'c', 'd')}] }\n`;
      const links = {
        'models/feeds/links.yml':
          'description: Links.\ngrain: [link_id]\ncolumns:\n  link_id: { type: text, description: L. }\n  one: { type: text, description: O. }\n  other: { type: text, description: O. }\n  seen_at: { type: date, description: S. }\n',
        'models/core/links.sql': model(
          ['link_id text', 'one text', 'other text', 'seen_at date'],
          'select link_id, one, other, seen_at from links_feed',
          'key: link_id',
        ),
        'models/core/denials.sql': model(
          ['denial_id text', 'one text', 'other text'],
          "select link_id as denial_id, one, other from links_feed where link_id = '0'",
        ),
        'models/core/people.sql': model(
          ['link_id text', 'one text', 'other text', 'seen_at date'],
          'select link_id, one, other, seen_at from links',
          'key: link_id\nmaterialized: components\ncomponents: { nodes: [one, other], at: seen_at, denied: denials }',
        ),
      };
      const project = await caseProject(
        engine,
        {
          'people/apart/case.yml': [
            'description: a link joins two, a denial takes them apart',
            `${given}expect:`,
            '  - { node: a, component: a, first_at: 2025-01-01 }',
            '  - { node: b, component: a, first_at: 2025-01-01 }',
            '  - { node: c, component: c, first_at: 2025-01-02 }',
            '  - { node: d, component: c, first_at: 2025-01-02 }',
            'then:',
            `  - given: { links: [${link('3', 'b', 'c')}] }`,
            '    ran: incremental',
            '    expect: [{ node: a, component: a }, { node: b, component: a }, { node: c, component: a }, { node: d, component: a }]',
            '  - given: { denials: [{ denial_id: x, one: c, other: b }] }',
            '    ran: incremental',
            '    expect: [{ node: a, component: a }, { node: b, component: a }, { node: c, component: c }, { node: d, component: c }]',
          ].join('\n'),
          'people/one/case.yml': `${given}expect: [{ node: a, component: b }, { node: b, component: a }, { node: c, component: c }, { node: d, component: c }]\n`,
          'people_merges/joined/case.yml': [
            'description: which edge did it',
            `${given}expect: []`,
            'then:',
            `  - given: { links: [${link('3', 'b', 'c')}] }`,
            '    expect: [{ change: merge, component_before: c, component_after: a, nodes: 2, cause: edge added, cause_node: b, cause_other: c, build_id: b2 }]',
          ].join('\n'),
          'people_edges/plain/case.yml': `${given}expect: [{ link_id: "1" }, { link_id: "2" }]\n`,
        },
        links,
      );
      const results = await resultsOf(opened, project);
      for (const name of ['people/apart', 'people_merges/joined', 'people_edges/plain']) {
        expect(results[name]?.failures, name).toEqual([]);
        expect(results[name], name).toMatchObject({ isSplit: true });
      }
      expect(results['people/apart']?.ran).toEqual(['full', 'incremental', 'incremental']);
      expect(results['people/one']?.details[0]?.differences).toMatchObject([
        { kind: 'changed', identity: { node: 'a' }, cells: [{ expected: 'b', found: 'a' }] },
      ]);
    });

    test('A step that ran another way than it says fails.', async () => {
      const project = await caseProject(engine, {
        'deals/how/case.yml':
          'description: how\nexpect: []\nthen:\n  - settings: { factor: 3 }\n    ran: incremental\n    expect: []\n',
        'totals/how/case.yml':
          'description: how\nexpect: [{ deals: 0 }]\nthen:\n  - given: { deals: [{ deal_id: a }] }\n    ran: incremental\n    expect: [{ deals: 1 }]\n',
      });
      const results = await resultsOf(opened, project);
      expect(results['deals/how']?.failures).toEqual([
        'deals/how/case.yml:4: step 2 ran full (settings.factor changed, and is read whole), and should have run incremental',
      ]);
      expect(results['totals/how']?.failures).toEqual([
        'totals/how/case.yml:4: totals is not built in part here: only a model with a key is, in a case with more than one step',
      ]);
    });

    test('A key whose promise does not hold fails the split test, although the rows of one load are as expected.', async () => {
      const rows =
        'given: { deals: [{ deal_id: a, amount: 3 }, { deal_id: b, amount: 2 }, { deal_id: c, amount: 1 }] }\n';
      const project = await caseProject(engine, {
        'ranked/places/case.yml': `description: places\n${rows}expect: [{ deal_id: c, place: 1 }, { deal_id: b, place: 2 }, { deal_id: a, place: 3 }]\n`,
        'amounts/sums/case.yml': `description: sums\ngiven: { deals: [{ owner: x, amount: 3 }, { owner: x, amount: 2 }, { owner: null, amount: 1 }] }\nexpect: [{ owner: x, deals: 2, amount: 5 }, { owner: null, deals: 1, amount: 1 }]\n`,
      });
      const results = await resultsOf(opened, project);
      expect(results['amounts/sums']).toMatchObject({ status: 'passed', isSplit: true });
      expect(results['ranked/places']).toMatchObject({ status: 'failed', isSplit: true });
      expect(results['ranked/places']?.failures[0]).toMatch(/^ranked\/places\/case\.yml:1: split test: .*deal_id/);
      expect(results['ranked/places']?.details[0]?.differences).toContainEqual(
        expect.objectContaining({ kind: 'changed', identity: { deal_id: 'b' } }),
      );
    });

    test('A value that its column cannot hold makes the case invalid, with the line of its row.', async () => {
      const project = await caseProject(engine, {
        'deals/unfit/case.yml':
          'description: unfit\ngiven:\n  deals_feed:\n    - { deal_id: a, amount: 1 }\n    - { deal_id: b, amount: many }\nexpect: [{ deal_id: a }, { deal_id: b }]\n',
        'deals/unfit_csv/case.yml': 'description: unfit\ngiven: { deals_feed: rows.csv }\nexpect: []\n',
        'deals/unfit_csv/rows.csv': 'deal_id,owner,amount\na,"two\nlines",1\nb,,many\n',
        'deals/unfit_expect/case.yml':
          'description: unfit\nexpect:\n  - { deal_id: a, is_due: true }\n  - { deal_id: a, is_due: perhaps }\n',
      });
      const results = await resultsOf(opened, project);
      expect(Object.values(results).map(({ status }) => status)).toEqual(['invalid', 'invalid', 'invalid']);
      expect(results['deals/unfit']?.failures).toEqual([
        'deals/unfit/case.yml:5: deals_feed.amount: "many" is no decimal(18,6)',
      ]);
      expect(results['deals/unfit_csv']?.failures).toEqual([
        'deals/unfit_csv/rows.csv:4: deals_feed.amount: "many" is no decimal(18,6)',
      ]);
      expect(results['deals/unfit_expect']?.failures).toEqual([
        'deals/unfit_expect/case.yml:4: expect.is_due: "perhaps" is no boolean',
      ]);
    });

    test('A model of the other engine only is skipped; one whose SQL fails on the rows fails.', async () => {
      const other = engine === 'duckdb' ? 'postgres' : 'duckdb';
      const project = await caseProject(
        engine,
        {
          'elsewhere/case/case.yml': 'description: elsewhere\nexpect: []\n',
          'casts/fails/case.yml':
            'description: fails\ngiven: { deals_feed: [{ deal_id: x }] }\nexpect: [{ number: 1 }]\n',
        },
        {
          'models/marts/elsewhere.sql': model(
            ['deals bigint'],
            'select count(*) as deals from deals',
            `engine: ${other}`,
          ),
          'models/marts/casts.sql': model(
            ['number bigint'],
            'select cast(deal_id as bigint) as number from deals_feed',
          ),
        },
      );
      const results = await resultsOf(opened, project);
      expect(results['elsewhere/case']).toMatchObject({ status: 'skipped', failures: [] });
      expect(results['casts/fails']).toMatchObject({ status: 'failed' });
      expect(results['casts/fails']?.failures[0]).toMatch(/casts cannot run: ./);
    });
  });
}
