import type { Linkable } from '@colloquy/threads';

export { OpenAIInstrumentation } from './instrumentation.js';
export { wrapOpenAI } from './wrap-openai.js';

declare module 'openai/core/api-promise' {
  // Calls of a watched client can be tied to the message that set them off.
  // eslint-disable-next-line typescript/no-unused-vars
  interface APIPromise<T> extends Linkable {}
}
