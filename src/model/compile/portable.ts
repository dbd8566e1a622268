/**
 * The functions, operators and types that give the same on DuckDB and Postgres. Everything else belongs into the
 * function library, where each engine has its own spelling.
 */

/** Called by name; aggregates and window functions included. Names as DuckDB's parser gives them. */
export const PORTABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  // aggregates
  ...[
    'count',
    'count_star',
    'sum',
    'min',
    'max',
    'avg',
    'string_agg',
    'array_agg',
    'bool_and',
    'bool_or',
    'stddev_samp',
    'stddev_pop',
  ],
  ...[
    'var_samp',
    'var_pop',
    'corr',
    'covar_samp',
    'covar_pop',
    'regr_slope',
    'regr_intercept',
    'regr_r2',
    'regr_count',
  ],
  ...['regr_avgx', 'regr_avgy', 'regr_sxx', 'regr_sxy', 'regr_syy'],
  // windows
  ...['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead'],
  ...['first_value', 'last_value', 'nth_value', 'first', 'last'],
  // numbers
  ...[
    'abs',
    'round',
    'floor',
    'ceil',
    'ceiling',
    'exp',
    'ln',
    'power',
    'pow',
    'sqrt',
    'sign',
    'greatest',
    'least',
    'nullif',
  ],
  // text
  ...['lower', 'upper', 'trim', 'ltrim', 'rtrim', 'length', 'substring', 'substr', 'replace', 'concat', 'concat_ws'],
  ...['left', 'right', 'strpos', 'position', 'starts_with', 'split_part', 'lpad', 'rpad', 'repeat', 'reverse', 'md5'],
  // time
  ...['date_part', 'date_trunc', 'timezone'],
]);

/** Table functions: whole numbers only, so that both engines agree. */
export const PORTABLE_TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['generate_series']);

export const PORTABLE_OPERATORS: ReadonlySet<string> = new Set([
  ...['+', '-', '*', '/', '%', '||', '->', '->>', '~~', '!~~', '~~*', '!~~*'],
]);

/** Type ids of casts, as DuckDB's parser gives them. */
export const PORTABLE_TYPES: ReadonlySet<string> = new Set([
  ...[
    'VARCHAR',
    'INTEGER',
    'BIGINT',
    'DOUBLE',
    'BOOLEAN',
    'DATE',
    'TIMESTAMP',
    'TIMESTAMP WITH TIME ZONE',
    'DECIMAL',
    'INTERVAL',
  ],
  ...['SMALLINT', 'json'],
]);

/** Type names DuckDB knows and Postgres does not, with the name both know. */
export const TYPE_SPELLINGS: Readonly<Record<string, string>> = {
  double: 'double precision',
  string: 'text',
  datetime: 'timestamp',
  int1: 'integer',
  tinyint: 'integer',
  hugeint: 'decimal(38,0)',
  long: 'bigint',
  blob: 'text',
};

/** Read as columns by the parser, and as the time of the statement by both engines. */
export const CLOCK_NAMES: ReadonlySet<string> = new Set([
  ...['current_date', 'current_timestamp', 'current_time', 'localtime', 'localtimestamp'],
]);

/** Functions that give something else each time. */
export const CLOCK_FUNCTIONS: ReadonlySet<string> = new Set([
  ...[
    'now',
    'today',
    'get_current_time',
    'get_current_timestamp',
    'transaction_timestamp',
    'statement_timestamp',
    'clock_timestamp',
  ],
  ...['random', 'setseed', 'uuid', 'gen_random_uuid', 'nextval', 'age'],
]);
