import type {
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { pieces } from './api-shape.js';

type Without<Event, Key extends PropertyKey> = Event extends unknown ? Omit<Event, Key> : never;

/** A stream event before it is numbered. */
export type EventBody = Without<ResponseStreamEvent, 'sequence_number'>;

/** Everything the API sends about one output item, from `added` to `done`. */
export function* streamItem(item: ResponseOutputItem, output_index: number): Generator<EventBody> {
  yield { type: 'response.output_item.added', output_index, item: openItem(item) };
  if (item.type === 'message') yield* streamMessage(item, output_index);
  if (item.type === 'reasoning') yield* streamReasoning(item, output_index);
  if (item.type === 'function_call') yield* streamCall(item, output_index);
  yield { type: 'response.output_item.done', output_index, item };
}

function openItem(item: ResponseOutputItem): ResponseOutputItem {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] };
  if (item.type === 'reasoning') return { ...item, summary: [] };
  if (item.type === 'function_call') return { ...item, status: 'in_progress', arguments: '' };
  return item;
}

function* streamMessage(item: ResponseOutputMessage, output_index: number): Generator<EventBody> {
  for (const [content_index, part] of item.content.entries()) {
    if (part.type !== 'output_text') continue;
    const at = { item_id: item.id, output_index, content_index };
    yield { type: 'response.content_part.added', ...at, part: { ...part, text: '' } };
    for (const delta of pieces(part.text)) {
      yield { type: 'response.output_text.delta', ...at, delta, logprobs: [] };
    }
    yield { type: 'response.output_text.done', ...at, text: part.text, logprobs: [] };
    yield { type: 'response.content_part.done', ...at, part };
  }
}

function* streamReasoning(item: ResponseReasoningItem, output_index: number): Generator<EventBody> {
  for (const [summary_index, part] of item.summary.entries()) {
    const at = { item_id: item.id, output_index, summary_index };
    const open = { ...part, text: '' };
    yield { type: 'response.reasoning_summary_part.added', ...at, part: open };
    for (const delta of pieces(part.text)) {
      yield { type: 'response.reasoning_summary_text.delta', ...at, delta };
    }
    yield { type: 'response.reasoning_summary_text.done', ...at, text: part.text };
    yield { type: 'response.reasoning_summary_part.done', ...at, part };
  }
}

function* streamCall(item: ResponseFunctionToolCall, output_index: number): Generator<EventBody> {
  const at = { item_id: item.id ?? item.call_id, output_index };
  for (const delta of pieces(item.arguments)) {
    yield { type: 'response.function_call_arguments.delta', ...at, delta };
  }
  const { name, arguments: text } = item;
  yield { type: 'response.function_call_arguments.done', ...at, name, arguments: text };
}
