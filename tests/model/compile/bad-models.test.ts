import { describe, expect, it } from 'vitest';

import { renderFailure } from '../../../src/cli/failure.ts';
import { isRevopsError } from '../../../src/errors.ts';
import { compileProject } from '../../../src/model/compile/compile.ts';
import { model, projectOf, type Files } from '../project.ts';

const DEALS = 'models/core/deals.sql';
const GOOD = model(['deal_id text', 'amount bigint'], "select 'a' as deal_id, cast(1 as bigint) as amount");

/** What a person sees of a project that is wrong, and the exit code. */
async function told(...folders: Files[]): Promise<[number, string]> {
  const error: unknown = await projectOf(...folders)
    .then((project) => compileProject(project))
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return [isRevopsError(error) ? error.exitCode : 0, renderFailure(error, { verbose: false })];
}

const HOW = '\n  How a model file is written: docs/models.md.';

describe('A wrong model is told in one message, with file, line, column and what was probably meant:', () => {
  it.each<[string, Files[], string]>([
    [
      'outside the portable subset',
      [{ [DEALS]: GOOD.replace("'a'", "list_value('a')[1]") }],
      'error MODEL_INVALID: models/core/deals.sql:8:8: list_value() is neither portable nor in the function library',
    ],
    [
      'a function that is mistyped',
      [{ [DEALS]: GOOD.replace("'a'", "uper('a')") }],
      `error MODEL_INVALID: models/core/deals.sql:8:8: uper() is neither portable nor in the function library; did you mean upper?${HOW}`,
    ],
    [
      'a clock',
      [{ [DEALS]: GOOD.replace('cast(1 as bigint)', "cast(date_part('day', now()) as bigint)") }],
      'error MODEL_INVALID: models/core/deals.sql:8:46: now() gives something else each time; time is an input: read the relation clock',
    ],
    [
      'a header with an unknown key',
      [{ [DEALS]: GOOD.replace('grain:', 'grian:') }],
      'error MODEL_INVALID: models/core/deals.sql:1: grain is missing\nmodels/core/deals.sql:3: unknown key grian; did you mean grain?',
    ],
    [
      'an unknown type',
      [{ [DEALS]: GOOD.replace("'bigint'", "'int8'") }],
      'error MODEL_INVALID: models/core/deals.sql:6: columns.amount.type: unknown type "int8"; types are text, integer, bigint,',
    ],
    [
      'a type that the SELECT does not give',
      [{ [DEALS]: GOOD.replace("'bigint'", "'date'") }],
      `error MODEL_INVALID: models/core/deals.sql:6: column amount is declared date, but the SELECT gives bigint: cast it, or change the header${HOW}`,
    ],
    [
      'a column that no parent has',
      [{ [DEALS]: GOOD, 'models/marts/sums.sql': model(['total bigint'], 'select amout as total\nfrom deals') }],
      'error MODEL_INVALID: models/marts/sums.sql:7:8: Referenced column "amout" not found in FROM clause!',
    ],
    [
      'a name twice in one place',
      [{ [DEALS]: GOOD, 'models/marts/deals.sql': GOOD }],
      'error MODEL_INVALID: models/marts/deals.sql: a second deals; the first is models/core/deals.sql',
    ],
    [
      'a relation that is mistyped',
      [{ [DEALS]: GOOD, 'models/marts/sums.sql': model(['n bigint'], 'select count(*) as n\nfrom deal') }],
      'error MODEL_UNKNOWN_RELATION: models/marts/sums.sql:8:6: unknown relation deal; did you mean deals?',
    ],
    [
      'a circle',
      [
        {
          'models/core/a.sql': model(['n bigint'], 'select n from b'),
          'models/core/b.sql': model(['n bigint'], 'select n from a'),
        },
      ],
      'error MODEL_CYCLE: models/core/a.sql: models read each other in a circle: a → b → a',
    ],
    [
      'a value to be given later',
      [{ [DEALS]: GOOD.replace("'a'", 'cast($1 as text)') }],
      'error MODEL_INVALID: models/core/deals.sql:8: a parameter ($1 or ?): nobody gives it a value',
    ],
    [
      'no SQL at all',
      [{ [DEALS]: GOOD.replace(/select.*/, 'selct deal_id') }],
      'error MODEL_INVALID: models/core/deals.sql:8:1: syntax error at or near "selct"',
    ],
  ])('%s', async (_, folders, message) => {
    const [exitCode, text] = await told(...folders);
    expect(text).toContain(message);
    expect(exitCode).toBe(2);
    expect(text.match(/^error /gm)).toHaveLength(1);
    expect(text).not.toMatch(/^\s+at /m);
  });
});
