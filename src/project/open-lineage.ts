/**
 * An OpenLineage event file: one JSON event per line, written as things happen.
 * Specification: https://openlineage.io/spec/2-0-2/OpenLineage.json and the facets beside it.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';

import { messageOf, RevopsError } from '../errors.ts';
import type { Column } from '../warehouse/types.ts';
import type { Project } from './load.ts';
import { packageVersion } from './package-root.ts';

/** A table or view that a job reads or writes. */
export interface Dataset {
  /** `marts.cac`. */
  name: string;
  columns?: readonly (Column & { description?: string })[];
  description?: string;
}

export interface Job {
  /** Unique in the project: `build`, `build.marts.cac`, `sync.crm.deals`. */
  name: string;
  type: 'COMMAND' | 'MODEL' | 'STREAM';
  description?: string;
  sql?: string;
  inputs?: readonly Dataset[];
  outputs?: readonly Dataset[];
  /** The run it is part of. */
  parent?: JobRun;
  /** The time the run is for: the clock that models see. ISO 8601. */
  nominalTime?: string;
}

/** A job under way. End it once, by one of the two. */
export interface JobRun {
  runId: string;
  job: string;
  /** `rows`: those put into its output. */
  complete(rows?: number | null): void;
  fail(error: unknown): void;
}

export interface OpenLineage {
  start(job: Job): JobRun;
}

/** Empties or makes the file, and appends every event. USAGE where it cannot be written. */
export function openLineageFile(project: Project, file: string, location: string, now: () => Date): OpenLineage {
  const producer = `pkg:npm/revops@${packageVersion()}`;
  const facet = (name: string, version: string, contents: object): object => ({
    _producer: producer,
    _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
    ...contents,
  });
  const dataset = datasetsIn(project, location, facet);
  const write = (event: object): void => appendFileSync(file, `${JSON.stringify(event)}\n`);
  try {
    writeFileSync(file, '');
  } catch (error) {
    throw new RevopsError('USAGE', `--openlineage: ${file} cannot be written: ${messageOf(error)}`, {
      hint: 'Name a file in a folder that exists.',
      cause: error,
    });
  }
  return {
    start(job) {
      const runId = randomUUID();
      const { parent, nominalTime, description, sql, inputs = [], outputs = [] } = job;
      const runFacets = {
        ...(parent === undefined
          ? {}
          : {
              parent: facet('ParentRunFacet', '1-0-1', {
                run: { runId: parent.runId },
                job: { namespace: project.name, name: parent.job },
              }),
            }),
        ...(nominalTime === undefined
          ? {}
          : { nominalTime: facet('NominalTimeRunFacet', '1-0-1', { nominalStartTime: nominalTime }) }),
      };
      const type = { processingType: 'BATCH', integration: 'REVOPS', jobType: job.type };
      const jobFacets = {
        jobType: facet('JobTypeJobFacet', '2-0-3', type),
        ...(sql === undefined ? {} : { sql: facet('SQLJobFacet', '1-0-1', { query: sql }) }),
        ...(description === undefined
          ? {}
          : { documentation: facet('DocumentationJobFacet', '1-0-1', { description }) }),
      };
      const event = (eventType: string, more: { run?: object; outputFacets?: object } = {}): object => ({
        eventType,
        eventTime: now().toISOString(),
        run: { runId, facets: { ...runFacets, ...more.run } },
        job: { namespace: project.name, name: job.name, facets: jobFacets },
        inputs: inputs.map((one) => dataset(one)),
        outputs: outputs.map((one) => ({
          ...dataset(one),
          ...(more.outputFacets === undefined ? {} : { outputFacets: more.outputFacets }),
        })),
        producer,
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
      });
      write(event('START'));
      return {
        runId,
        job: job.name,
        complete: (rows) =>
          write(
            event(
              'COMPLETE',
              rows === undefined || rows === null
                ? {}
                : {
                    outputFacets: {
                      outputStatistics: facet('OutputStatisticsOutputDatasetFacet', '1-0-2', { rowCount: rows }),
                    },
                  },
            ),
          ),
        fail: (error) =>
          write(
            event('FAIL', {
              run: {
                errorMessage: facet('ErrorMessageRunFacet', '1-0-1', {
                  message: messageOf(error),
                  programmingLanguage: 'TYPESCRIPT',
                }),
              },
            }),
          ),
      };
    },
  };
}

// --- internal ---

/** Names as the specification has them: `postgres://host:port` and `database.schema.table`; a DuckDB file is a namespace. */
function datasetsIn(
  project: Project,
  location: string,
  facet: (name: string, version: string, contents: object) => object,
): (dataset: Dataset) => object {
  const { warehouse } = project;
  const [, server = '', database = ''] = /^(postgres:\/\/[^/]+)\/(.*)$/.exec(location) ?? [];
  const namespace = warehouse.type === 'duckdb' ? `duckdb://${warehouse.path}` : server;
  return ({ name, columns, description }) => ({
    namespace,
    name: database === '' ? name : `${database}.${name}`,
    facets: {
      ...(columns === undefined
        ? {}
        : {
            schema: facet('SchemaDatasetFacet', '1-1-1', {
              fields: columns.map((column) => ({
                name: column.name,
                type: column.type,
                ...(column.description === undefined ? {} : { description: column.description }),
              })),
            }),
          }),
      ...(description === undefined
        ? {}
        : { documentation: facet('DocumentationDatasetFacet', '1-0-1', { description }) }),
    },
  });
}
