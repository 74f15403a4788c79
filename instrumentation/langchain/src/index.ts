export { type CallbackHandler } from './callback-handler.js';
export { createCallbackHandler } from './create-callback-handler.js';
export { LangChainInstrumentation } from './instrumentation.js';
