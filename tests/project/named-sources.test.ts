import { describe, expect, it } from 'vitest';

import type { Connector } from '../../src/connector/contract.ts';
import { loadProject } from '../../src/project/load.ts';
import { checkNamedSources } from '../../src/project/named-sources.ts';
import { checkConfig } from '../../src/project/schema.ts';
import { projectFolder } from '../support/cli.ts';

const CONNECTORS = [
  { name: 'ads', streams: [{ name: 'days' }, { name: 'clicks' }] },
  { name: 'crm', streams: [{ name: 'deals' }] },
] as unknown as Connector[];

function messageFor(named: { checks?: object; schedule?: object }): string {
  const config = checkConfig(
    {
      ...{ warehouse: { type: 'duckdb', path: 'x' }, connectors: {}, start: '2026-01-01' },
      ...{ timeZone: 'UTC', currency: 'EUR', ...named },
    },
    'revops.config.ts',
  );
  try {
    checkNamedSources(config, CONNECTORS, 'revops.config.ts');
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('options that name sources', () => {
  it.each([
    [{ schedule: { ads: '6h', 'crm.deals': '1d' }, checks: { slaHours: { crm: 5, 'ads.days': null } } }, 'accepted'],
    [
      { checks: { slaHours: { 'crm.dealz': 10 } } },
      'checks.slaHours.crm.dealz: there is no such stream; did you mean crm.deals?',
    ],
    [{ schedule: { 'ads.day': '6h' } }, 'schedule.ads.day: there is no such stream; did you mean ads.days?'],
    [
      { schedule: { billing: '6h' }, checks: { slaHours: { 'adds.days': 1 } } },
      'checks.slaHours.adds.days: there is no connector adds; did you mean ads?; schedule.billing: there is no connector billing',
    ],
  ])('name what is there: %j', (named, expected) => {
    expect(messageFor(named)).toBe(expected === 'accepted' ? expected : `revops.config.ts: ${expected}`);
  });

  it('know streams that depend on the project', async () => {
    const config = (source: string): string => `import { defineConfig } from 'revops';
      import { files } from 'revops/connectors/files';
      export default defineConfig({
        warehouse: { type: 'duckdb', path: 'w.duckdb' },
        connectors: { files: files({ feeds: { deals: 'deals.csv' } }) },
        checks: { slaHours: { '${source}': 10 } },
        start: '2026-01-01', timeZone: 'UTC', currency: 'EUR',
      });`;
    const project = projectFolder({ 'revops.config.ts': config('files.deals') });
    const wrong = projectFolder({ 'revops.config.ts': config('files.dealz') });
    try {
      expect((await loadProject(project.folder)).checks.slaHours).toEqual({ 'files.deals': 10 });
      await expect(loadProject(wrong.folder)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: 'revops.config.ts: checks.slaHours.files.dealz: there is no such stream; did you mean files.deals?',
      });
    } finally {
      project.remove();
      wrong.remove();
    }
  });
});
