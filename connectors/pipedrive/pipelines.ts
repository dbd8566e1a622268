/**
 * The stages of the pipelines.
 */
import type { UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { PAGE, wholeList, type WireRecord } from './lists.ts';

/** Read whole each time: there is no cursor. Stages that are gone stay as tombstones, because history still names them. */
export const pipelineStages: UpsertStream<PipedriveClient> = {
  name: 'pipeline_stages',
  description: 'Stages of the pipelines, all of them open: won and lost are statuses of deals. One row per stage.',
  mode: 'upsert',
  schema: {
    stage_id: column.text(),
    pipeline_id: column.text(),
    pipeline_name: column.text(),
    stage_name: column.text(),
    stage_order: column.bigint(),
    deal_probability: column.decimal(),
  },
  primaryKey: ['stage_id'],
  snapshot: true,
  async *read({ client }) {
    const pipelines = new Map<number, WireRecord>();
    for await (const page of wholeList(client, 'pipelines', (sdk, cursor) =>
      sdk.pipelines.getPipelines({ limit: PAGE, ...(cursor === null ? {} : { cursor }) }),
    )) {
      for (const pipeline of page) pipelines.set(pipeline.id, pipeline);
    }
    for await (const page of wholeList(client, 'stages', (sdk, cursor) =>
      sdk.stages.getStages({ limit: PAGE, ...(cursor === null ? {} : { cursor }) }),
    )) {
      const rows = page.map((stage) => ({
        isDeleted: stage.is_deleted === true,
        record: {
          stage_id: String(stage.id),
          pipeline_id: String(stage['pipeline_id']),
          pipeline_name: pipelines.get(Number(stage['pipeline_id']))?.['name'] ?? null,
          stage_name: stage['name'] ?? null,
          stage_order: stage['order_nr'] ?? null,
          deal_probability: stage['deal_probability'] ?? null,
        },
      }));
      yield {
        records: rows.filter(({ isDeleted }) => !isDeleted).map(({ record }) => record),
        deleted: rows.filter(({ isDeleted }) => isDeleted).map(({ record }) => record),
      };
    }
  },
};
