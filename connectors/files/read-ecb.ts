/**
 * Exchange rates in the layout the European Central Bank publishes (eurofxref-hist.csv): a column `Date`, then one per
 * currency with its units for one euro. `N/A` and empty fields are days without a rate.
 */
import type { FoundFile } from './paths.ts';
import type { RowReader } from './raw-row.ts';
import { readCsv } from './read-csv.ts';
import { refused } from './refuse.ts';

export async function* readEcb(file: FoundFile): RowReader {
  let currencies: string[] = [];
  const onHeader = (header: string[]): void => {
    currencies = header.filter((name) => name !== '' && name !== 'Date');
    const wrong = currencies.find((name) => !/^[A-Z]{3}$/.test(name));
    if (header[0] === 'Date' && currencies.length > 0 && wrong === undefined) return;
    throw refused(
      file.name,
      'is not in the layout of eurofxref-hist.csv: a column Date, then one per currency',
      'Take layout out of the config for a file with one rate per row.',
    );
  };
  for await (const rows of readCsv(file, onHeader)) {
    yield rows.flatMap((row) => {
      const { line, values } = row;
      if (values === null) return [row];
      return currencies
        .filter((currency) => values[currency] !== undefined && values[currency] !== 'N/A')
        .map((currency) => ({
          line,
          values: {
            source: 'ecb',
            rate_date: values['Date'],
            from_currency: 'EUR',
            to_currency: currency,
            rate: values[currency],
          },
        }));
    });
  }
}
