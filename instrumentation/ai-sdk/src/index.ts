export { AISdkInstrumentation } from './instrumentation.js';
export { colloquyMiddleware, type ColloquyMiddleware } from './middleware.js';
