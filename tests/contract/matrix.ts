/**
 * The table `npm run test:contract` ends with: a row per case, a column per connector; a mark per engine, `–` where the case
 * says nothing about the connector.
 */
import type { Reporter, TestModule } from 'vitest/node';

import { CONNECTOR_CASES, CONTRACT_TITLE } from '../../src/testing/index.ts';

export class Matrix implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const marks = new Map<string, Map<string, string>>();
    const connectors = new Set<string>();
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const [, connector = '', engine = ''] =
        CONTRACT_TITLE.exec(test.parent.type === 'suite' ? test.parent.name : '') ?? [];
      if (connector === '') continue;
      connectors.add(connector);
      const row = marks.get(test.name) ?? new Map<string, string>();
      const { state } = test.result();
      if (state === 'skipped') continue;
      const mark = `${state === 'passed' ? '✓' : '✗'} ${engine}`;
      row.set(connector, [row.get(connector), mark].filter(Boolean).join(' '));
      marks.set(test.name, row);
    }
    const head = ['', ...[...connectors].toSorted()];
    const rows = CONNECTOR_CASES.map(({ name }) => [
      name,
      ...head.slice(1).map((connector) => marks.get(name)?.get(connector) ?? '–'),
    ]);
    const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
    const lines = [head, ...rows].map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}
