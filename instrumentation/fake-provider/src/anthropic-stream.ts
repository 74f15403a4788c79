import { writeMessage, type AnswerBlock, type AnthropicMessage } from './anthropic-message.js';
import { pieces, type ProviderAnswer } from './api-shape.js';

/** One event of a streamed Messages response. */
export type AnthropicEvent =
  | { readonly type: 'message_start'; readonly message: AnthropicMessage }
  | { readonly type: 'ping' }
  | {
      readonly type: 'content_block_start';
      readonly index: number;
      readonly content_block: AnswerBlock;
    }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: Delta }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | {
      readonly type: 'message_delta';
      readonly delta: Pick<AnthropicMessage, 'stop_reason' | 'stop_sequence'>;
      readonly usage: AnthropicMessage['usage'];
    }
  | { readonly type: 'message_stop' };

type Delta =
  | { readonly type: 'thinking_delta'; readonly thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'input_json_delta'; readonly partial_json: string };

/** The events of one answer, in the API's order. */
export function* streamMessage(answer: ProviderAnswer): Generator<AnthropicEvent> {
  const message = writeMessage(answer);
  const { stop_reason, stop_sequence, usage, content } = message;
  yield {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  };
  yield { type: 'ping' };
  for (const [index, block] of content.entries()) {
    yield { type: 'content_block_start', index, content_block: openBlock(block) };
    for (const delta of deltas(block)) yield { type: 'content_block_delta', index, delta };
    yield { type: 'content_block_stop', index };
  }
  yield { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage };
  yield { type: 'message_stop' };
}

function openBlock(block: AnswerBlock): AnswerBlock {
  if (block.type === 'text') return { ...block, text: '' };
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' };
  return { ...block, input: {} };
}

function* deltas(block: AnswerBlock): Generator<Delta> {
  if (block.type === 'text') {
    for (const text of pieces(block.text)) yield { type: 'text_delta', text };
  } else if (block.type === 'thinking') {
    for (const thinking of pieces(block.thinking)) yield { type: 'thinking_delta', thinking };
    yield { type: 'signature_delta', signature: block.signature };
  } else {
    for (const partial_json of pieces(JSON.stringify(block.input)))
      yield { type: 'input_json_delta', partial_json };
  }
}
