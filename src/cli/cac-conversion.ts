/**
 * `revops cac` by the day of the conversion: CAC and marginal CAC, or only the average.
 */
import { amongAll, averageOf, renderAverage, type AverageRow } from './cac-average.ts';
import { isByChannel } from './cac-question.ts';
import { type CacRow, cacRows } from './cac-rows.ts';
import { renderCac } from './cac-table.ts';
import type { CacView } from './cac-view.ts';
import { aboutThese } from './cac-words.ts';

export const conversionView: CacView<CacRow | AverageRow> = {
  async rows(session, { grain, range, by, filters, isAverage }, marts) {
    const channel = isByChannel({ by }) ? filters.channel : undefined;
    const asked = { grain, range, channel };
    const found = await cacRows(session, { ...asked, prelude: marts.prelude });
    if (marts.wholePrelude !== undefined)
      return amongAll(await cacRows(session, { ...asked, prelude: marts.wholePrelude }), found);
    return isAverage ? found.map(averageOf) : found;
  },
  title({ by, grain, isAverage }) {
    const groups = by === 'channel' ? grain : `${by.replace('_', ' ')} and ${grain}`;
    return `${isAverage ? 'Average CAC' : 'CAC and marginal CAC'} by ${groups}`;
  },
  table(rows, { grain, isAverage }, currency, width) {
    return isAverage
      ? renderAverage(rows, grain, currency, width)
      : renderCac(rows as readonly CacRow[], grain, currency, width);
  },
  notes(_rows, { filters: { minTouchpoints } }) {
    return minTouchpoints === undefined ? [] : [aboutThese(minTouchpoints)];
  },
};
