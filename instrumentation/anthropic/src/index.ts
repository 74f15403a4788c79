import type { Linkable } from '@colloquy/threads';

export { AnthropicInstrumentation } from './instrumentation.js';
export { wrapAnthropic } from './wrap-anthropic.js';

// Calls of a watched client can be tied to the message that set them off.

declare module '@anthropic-ai/sdk/core/api-promise' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface APIPromise<T> extends Linkable {}
}

declare module '@anthropic-ai/sdk/lib/MessageStream' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface MessageStream<ParsedT> extends Linkable {}
}

declare module '@anthropic-ai/sdk/lib/BetaMessageStream' {
  // eslint-disable-next-line typescript/no-unused-vars
  interface BetaMessageStream<ParsedT> extends Linkable {}
}
