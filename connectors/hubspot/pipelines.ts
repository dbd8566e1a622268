/**
 * The stages of the deal pipelines.
 */
import type { UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';

/** Read whole each time: there is no cursor. Stages that are gone stay as tombstones, because history still names them. */
export const dealPipelineStages: UpsertStream<HubspotClient> = {
  name: 'deal_pipeline_stages',
  description: 'Stages of the deal pipelines. One row per pipeline and stage.',
  mode: 'upsert',
  schema: {
    pipeline_id: column.text(),
    stage_id: column.text(),
    pipeline_label: column.text(),
    pipeline_order: column.bigint(),
    stage_label: column.text(),
    stage_order: column.bigint(),
    is_closed: column.boolean(),
    probability: column.decimal(),
  },
  primaryKey: ['pipeline_id', 'stage_id'],
  snapshot: true,
  async *read({ client }) {
    const { results } = await client.call('deal pipelines', (sdk) => sdk.pipelines.getAll('deals'));
    yield {
      records: results.flatMap((pipeline) =>
        pipeline.stages.map((stage) => ({
          pipeline_id: pipeline.id,
          stage_id: stage.id,
          pipeline_label: pipeline.label,
          pipeline_order: pipeline.displayOrder,
          stage_label: stage.label,
          stage_order: stage.displayOrder,
          is_closed: stage.metadata?.['isClosed'] ?? null,
          probability: stage.metadata?.['probability'] ?? null,
        })),
      ),
    };
  },
};
