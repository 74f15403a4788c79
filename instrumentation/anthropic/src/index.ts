import type { Linkable } from '@colloquy/threads';

export { AnthropicInstrumentation } from './instrumentation.js';
export { wrapAnthropic } from './wrap-anthropic.js';

// Calls of a watched client can be tied to the message that set them off.

declare module '@anthropic-ai/sdk/core/api-promise' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface APIPromise<T> extends Linkable {}
}

declare module '@anthropic-ai/sdk/lib/MessageStream' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface MessageStream<ParsedT> extends Linkable {}
}

declare module '@anthropic-ai/sdk/lib/BetaMessageStream' {
  // oxlint-disable-next-line typescript/no-unused-vars -- interfaces merge where their parameters are named alike
  interface BetaMessageStream<ParsedT> extends Linkable {}
}
