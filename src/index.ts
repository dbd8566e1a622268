/** What a project's `revops.config.ts` needs: `revops`. */
export { RevopsError, type ErrorCode } from './errors.ts';
export {
  defineConfig,
  type ActivationConfig,
  type AttributionConfig,
  type AttributionModel,
  type BookingBasis,
  type ConversionOwner,
  type ConversionType,
  type ConversionsConfig,
  type DuckdbConfig,
  type HoldoutConfig,
  type PipelineConfig,
  type PostgresConfig,
  type ProjectConfig,
  type StageCondition,
  type StageCriterion,
  type WeekStart,
  type WritebackConfig,
} from './project/config.ts';
export { env } from './project/env.ts';
export type { Connector } from './connector/contract.ts';
export { Secret } from './secret.ts';
