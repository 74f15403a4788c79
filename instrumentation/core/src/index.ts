export {
  Generation,
  type Collector,
  type GenerationRequest,
  type GenerationResponse,
  type ResponseReader,
} from './generation.js';
export { knownAttributes } from './known-attributes.js';
export { runGeneration } from './run-generation.js';
export * from './semconv.js';
export { serverAttributes } from './server-attributes.js';
export { Step, type ReadResult, type StepRequest } from './step.js';
