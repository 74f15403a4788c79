import { uncachedTokens, type ProviderAnswer, type Usage } from './api-shape.js';

/** A content block of an answer. */
export type AnswerBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: object;
    };

/** Token counts as Anthropic tells them: what the cache read or wrote is not in `input_tokens`. */
export interface AnthropicUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly output_tokens: number;
}

/** A Messages response. */
export interface AnthropicMessage {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly AnswerBlock[];
  readonly stop_reason: 'end_turn' | 'tool_use' | null;
  readonly stop_sequence: null;
  readonly usage: AnthropicUsage;
}

/** The whole answer; a text of no characters is no block, as the API sends none. */
export const writeMessage = (answer: ProviderAnswer): AnthropicMessage => ({
  id: `msg_${answer.serial}`,
  type: 'message',
  role: 'assistant',
  model: answer.model,
  content: writeBlocks(answer),
  stop_reason: answer.reply.toolCalls?.length ? 'tool_use' : 'end_turn',
  stop_sequence: null,
  usage: writeUsage(answer.usage),
});

function writeBlocks({ serial, reply }: ProviderAnswer): AnswerBlock[] {
  const { reasoning, text, toolCalls = [] } = reply;
  const signature = Buffer.from(`signed ${serial}`).toString('base64');
  return [
    ...(reasoning ? [{ type: 'thinking' as const, thinking: reasoning, signature }] : []),
    ...(text ? [{ type: 'text' as const, text }] : []),
    ...toolCalls.map(({ id, name, arguments: input }) => ({
      type: 'tool_use' as const,
      id,
      name,
      input,
    })),
  ];
}

const writeUsage = (usage: Usage): AnthropicUsage => ({
  input_tokens: uncachedTokens(usage),
  cache_creation_input_tokens: usage.cacheWriteTokens,
  cache_read_input_tokens: usage.cachedTokens,
  output_tokens: usage.outputTokens,
});
