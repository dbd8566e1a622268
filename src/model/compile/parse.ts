/**
 * The SQL of models and tests, parsed by DuckDB: what it reads, and whether it keeps to the portable subset.
 */
import { analyse, type Analysis, type Reference } from './analyse.ts';
import type { FunctionCall } from '../build/bind.ts';
import { canonicalOf, statementsOf } from './ast.ts';
import { isRowWise } from './row-wise.ts';
import { lint } from './lint.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import type { ParsedModel } from '../relation.ts';
import type { ParseResult } from './scratch.ts';

/** Where a SELECT stands. */
export interface SqlPlace {
  sql: string;
  file: string;
  /** Line on which the SQL begins, 1-based. */
  line: number;
}

/** Line and column of a UTF-8 offset of the SQL, in its file. */
export function placeIn(place: SqlPlace, offset: number | undefined): { file: string; line: number; column?: number } {
  if (offset === undefined || offset < 0 || offset > Buffer.byteLength(place.sql))
    return { file: place.file, line: place.line };
  const before = Buffer.from(place.sql).toString('utf8', 0, offset).split('\n');
  return { file: place.file, line: place.line + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What a parsed SELECT reads; breaches of the rules are added to `problems`. Not one SELECT: no result. */
export function readParsed(
  place: SqlPlace,
  parsed: ParseResult,
  options: {
    readable: ReadonlySet<string>;
    library: ReadonlySet<string>;
    /** Functions of the library that look at more than one row. */
    ofManyRows?: ReadonlySet<string>;
    isPortable: boolean;
  },
  problems: Problem[],
): (ParsedModel & { relations: string[] }) | undefined {
  const report = (message: string, offset?: number, code: Problem['code'] = 'MODEL_INVALID'): void => {
    problems.push({ code, ...placeIn(place, offset), message });
  };
  if (!('ast' in parsed)) {
    report(
      parsed.message.startsWith('Only SELECT') ? 'not a SELECT: a model is one SELECT' : parsed.message,
      parsed.offset,
    );
    return undefined;
  }
  const statements = statementsOf(parsed.ast);
  const root = statements[0];
  if (root === undefined || statements.length > 1) {
    report(`${statements.length} statements: a model is one SELECT`);
    return undefined;
  }
  const analysis = analyse(root);
  for (const reference of analysis.qualified)
    report(`${reference.name}: tables are named bare, without schema`, reference.offset);
  for (const reference of analysis.recursiveClashes) {
    report(
      `beside a recursive CTE, a CTE cannot have the name of the relation it reads (${reference.name}): rename the CTE`,
      reference.offset,
    );
  }
  for (const { name, offset } of analysis.relations) {
    if (!options.readable.has(name))
      report(`unknown relation ${name}${nearestTo(name, options.readable)}`, offset, 'MODEL_UNKNOWN_RELATION');
  }
  if (options.isPortable)
    for (const finding of lint(root, place.sql, options.library)) report(finding.message, finding.offset);
  return {
    canonical: canonicalOf(parsed.ast),
    analysis,
    isRowWise: options.isPortable && isRowWise(root, analysis, options.ofManyRows ?? new Set()),
    relations: namesOf(analysis.relations),
    calls: libraryCalls(place.sql, analysis, options.library),
  };
}

/** The calls of library functions in a SELECT. */
export function libraryCalls(sql: string, analysis: Analysis, library: ReadonlySet<string>): FunctionCall[] {
  const bytes = Buffer.from(sql);
  return analysis.functions.flatMap(({ name, offset }) =>
    // a call written with its schema begins there, and stays as it is
    library.has(name) &&
    offset !== undefined &&
    bytes.toString('utf8', offset, offset + name.length).toLowerCase() === name
      ? [{ name, offset }]
      : [],
  );
}

// --- internal ---

/** A staging model reads one relation, whatever others there are. */
function nearestTo(name: string, readable: ReadonlySet<string>): string {
  if (readable.size === 1 && readable.has('source'))
    return ': a staging model reads `source` alone; join in models/core';
  return didYouMean(name, readable);
}

function namesOf(references: readonly Reference[]): string[] {
  return [...new Set(references.map((reference) => reference.name))].toSorted();
}
