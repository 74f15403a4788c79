export {
  Generation,
  type Collector,
  type GenerationRequest,
  type GenerationResponse,
  type ResponseReader,
} from './generation.js';
export { knownAttributes } from './known-attributes.js';
export {
  prototypeOf,
  watchClient,
  watchMethod,
  type AnyMethod,
  type ModelMethod,
  type TracerOf,
  type WatchedMethod,
} from './model-method.js';
export { providerAt, type ProviderHosts } from './provider-at.js';
export { runGeneration } from './run-generation.js';
export * from './semconv.js';
export { serverAttributes } from './server-attributes.js';
export { Step, type ReadResult, type StepRequest } from './step.js';
