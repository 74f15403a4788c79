import type { Linkable } from '@colloquy/threads';

export { OpenAIInstrumentation } from './instrumentation.js';
export { wrapOpenAI } from './wrap-openai.js';

// Calls of a watched client can be tied to the message that set them off.

declare module 'openai/core/api-promise' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface APIPromise<T> extends Linkable {}
}

declare module 'openai/lib/ChatCompletionStream' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface ChatCompletionStream<ParsedT> extends Linkable {}
}

declare module 'openai/lib/responses/ResponseStream' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface ResponseStream<ParsedT> extends Linkable {}
}
