export { acknowledge, type Ack } from './acks.ts';
export { checksOf, readFindings, type Check, type Finding, type Severity } from './findings.ts';
export { LAYERS, type LayerName } from './layer-names.ts';
export { layersOf, readReadiness, redPipeline, type Layer, type LayerStatus, type Readiness } from './layers.ts';
export { recordForced, type ForcedAnswer } from './forced.ts';
export { recordFindings, type OpenFinding } from './results.ts';
export { readStack, type StackMeasure } from './stack.ts';
export {
  BUILD_AGE,
  judge,
  recordedErrors,
  trustOf,
  type Judged,
  type Judgement,
  type Trust,
  type TrustSettings,
} from './trust.ts';
