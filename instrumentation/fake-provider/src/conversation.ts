/** One tool call as it goes over the wire: `arguments` is JSON text. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A request's message, whatever the API shape it came in. */
export interface ConversationMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
}

/** What the model has been told so far, oldest first. */
export type Conversation = readonly ConversationMessage[];

const CHARS_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 3;

/** A stand-in for a tokenizer: deterministic, never 0, grows with the text. */
export const countTokens = (messages: Conversation): number =>
  messages.reduce((sum, message) => sum + TOKENS_PER_MESSAGE + tokensOf(message), 0);

function tokensOf({ text, toolCalls = [] }: ConversationMessage): number {
  const chars = toolCalls.reduce((n, call) => n + call.name.length + call.arguments.length, 0);
  return Math.ceil((text.length + chars) / CHARS_PER_TOKEN);
}
