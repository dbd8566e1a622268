/**
 * Findings for people: a table by check, and what to do about each check that found something.
 */
import { BUILD_AGE, type Check, type Judged, type Judgement } from '../quality/index.ts';
import { plural } from './format.ts';
import { reasonsOf } from './trust.ts';
import { renderTable } from './table.ts';

export function renderJudgement(
  { trust, because, findings }: Judgement,
  { built, unbuilt }: { built: readonly Check[]; unbuilt: readonly string[] },
  width: number,
): string {
  const lines: string[] = [];
  if (findings.length > 0)
    lines.push(renderTable(COLUMNS, rowsOf(findings), width), '', ...remedies(findings, built), '');
  lines.push(`${plural(built.length, 'check')}: ${summaryOf(findings)}.`);
  if (unbuilt.length > 0)
    lines.push(`Not built yet: ${plural(unbuilt.length, 'check')} (${unbuilt.join(', ')}); \`revops build\` does.`);
  lines.push(`Numbers for budgets are ${WORDS[trust](reasonsOf(because))}.`);
  return lines.join('\n');
}

// --- internal ---

const WORDS: Record<Judgement['trust'], (reasons: string) => string> = {
  trusted: () => 'trusted',
  untrusted: (reasons) => `UNTRUSTED: ${reasons}`,
  unchecked: () => 'UNCHECKED: no build has run all of the checks',
};

const COLUMNS = ['Severity', 'About', 'Day', 'Since', 'What'].map((title) => ({ title }));
/** Findings of one check that are shown; the model has them all. */
const SHOWN = 10;

function rowsOf(findings: readonly Judged[]): string[][] {
  const byCheck = Map.groupBy(findings, ({ check }) => check);
  return [...byCheck].flatMap(([check, found]) => [
    [check],
    ...found.slice(0, SHOWN).map(rowOf),
    ...(found.length > SHOWN
      ? [[`… and ${found.length - SHOWN} more: revops query "select * from quality.${check}"`]]
      : []),
  ]);
}

function rowOf({ severity, subject, day, since, detail, ack }: Judged): string[] {
  const answered = ack === null ? '' : `; answered for until ${ack.expiresAt.slice(0, 10)}: ${ack.reason}`;
  return [ack === null ? severity : 'acked', subject, day ?? '', since?.slice(0, 10) ?? '', detail + answered];
}

function remedies(findings: readonly Judged[], checks: readonly Check[]): string[] {
  const open = new Set(findings.filter(({ ack }) => ack === null).map(({ check }) => check));
  const known = [
    {
      name: BUILD_AGE,
      remedy:
        'Run `revops run`, and see why cron did not: `revops runs`; compare the clocks of the machines that run it.',
    },
    ...checks,
  ];
  return known.filter(({ name }) => open.has(name)).map(({ name, remedy }) => `${name}: ${remedy}`);
}

/** `1 error, 3 to investigate`, without what somebody answers for. */
function summaryOf(findings: readonly Judged[]): string {
  const open = findings.filter(({ ack }) => ack === null);
  const errors = open.filter(({ severity }) => severity === 'error').length;
  const looks = open.filter(({ severity }) => severity === 'investigate').length;
  const warnings = open.length - errors - looks;
  const told = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(looks > 0 ? [`${looks} to investigate`] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(open.length < findings.length ? [`${findings.length - open.length} acknowledged`] : []),
  ];
  return told.length === 0 ? 'nothing found' : told.join(', ');
}
