export { acknowledge, type Ack } from './acks.ts';
export { checksOf, readFindings, type Check, type Finding, type Severity } from './findings.ts';
export { layersOf, LAYERS, readReadiness, type Layer, type LayerStatus, type Readiness } from './layers.ts';
export { recordFindings } from './results.ts';
export { readStack, type StackMeasure } from './stack.ts';
export { BUILD_AGE, judge, recordedTrust, type Judged, type Judgement, type Trust } from './trust.ts';
