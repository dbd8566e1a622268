/**
 * Failures as GitHub Actions shows them beside the lines of a pull request.
 */
import { caseLabel, type CaseResult } from '../model/unit/index.ts';
import { renderFailed, shownPath } from './test-report.ts';

/** One workflow command per failure; paths are relative to `folder`, the root of the repository. */
export function annotationsOf(results: readonly CaseResult[], folder: string): string[] {
  return results.flatMap((result) =>
    result.failures.map((failure) => {
      // the first row that differs says more than the list it stands in
      const place =
        failure.differences.flatMap((difference) => ('place' in difference ? difference.place : []))[0] ?? failure;
      const properties = {
        file: shownPath(place.file, folder).replaceAll('\\', '/'),
        line: String(place.line),
        title: `revops test ${caseLabel(result)}`,
      };
      const written = Object.entries(properties).map(
        ([name, value]) => `${name}=${escaped(value).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
      );
      return `::error ${written.join(',')}::${escaped(renderFailed(failure, folder))}`;
    }),
  );
}

// --- internal ---

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
