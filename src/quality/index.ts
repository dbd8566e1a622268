export { acknowledge, type Ack } from './acks.ts';
export { readCheckedBuild } from './checked-build.ts';
export { checksOf, type Check, type Finding, type KnownCheck, type Severity } from './findings.ts';
export { LAYERS, type LayerName } from './layer-names.ts';
export { layersOf, readReadiness, redPipeline, type Layer, type LayerStatus, type Readiness } from './layers.ts';
export { recordForced, type ForcedAnswer } from './forced.ts';
export { recordShown } from './results.ts';
export { readStack, type StackMeasure } from './stack.ts';
export { BUILD_AGE, judge, type Judged, type Judgement, type Trust, type TrustSettings } from './trust.ts';
