import type { Linkable } from '@colloquy/threads';

export { OpenAIInstrumentation } from './instrumentation.js';
export { wrapOpenAI } from './wrap-openai.js';

// Calls of a watched client can be tied to the message that set them off.

declare module 'openai/core/api-promise' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface APIPromise<T> extends Linkable {}
}

declare module 'openai/lib/ChatCompletionStream' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface ChatCompletionStream<ParsedT> extends Linkable {}
}

declare module 'openai/lib/responses/ResponseStream' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface ResponseStream<ParsedT> extends Linkable {}
}
