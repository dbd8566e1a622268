import { ACCOUNTS, DAYS, FIRST_DAY, MORNINGS } from './company-rows.ts';
import type { InputRow, ModelProject } from '../src/model/contract.ts';
import type { Project } from '../src/project/load.ts';

/** The rows of `source_coverage` that syncs would have led to: everything is loaded up to the day before `now`. */
export function coveredDays({ connectors }: Project, { models }: ModelProject, now: Date): InputRow[] {
  const later = Math.round((now.getTime() - Date.parse(MORNINGS[0])) / 86_400_000);
  const lastDay = day(DAYS - 1 + later);
  return connectors.flatMap((connector) =>
    connector.streams.flatMap((stream): InputRow[] => {
      const model = models.find(
        ({ source }) => source?.connector === connector.name.replaceAll('-', '_') && source.table === stream.name,
      );
      const common = { connector: connector.name, stream: stream.name, feed: model?.feeds ?? null };
      if (stream.mode !== 'window') return [{ ...common, account_id: '', covered_until: `${lastDay}T23:00:00Z` }];
      return Object.keys(ACCOUNTS).map((account) => ({
        ...common,
        account_id: account,
        time_zone: 'Europe/Berlin',
        covered_from: FIRST_DAY,
        covered_to: lastDay,
        final_to: day(DAYS - 1 + later - (stream.restates ?? 0)),
      }));
    }),
  );
}

// --- internal ---

function day(index: number): string {
  return new Date(Date.parse(FIRST_DAY) + index * 86_400_000).toISOString().slice(0, 10);
}
