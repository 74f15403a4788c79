import type OpenAI from 'openai';
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type Collector,
  type GenerationRequest,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeJson,
  encodeMessages,
  encodeParts,
  type Message,
} from '@colloquy/threads/instrumentation';
import { OUTPUT_TYPES } from './output-types.js';
import { itemsToMessages } from './response-items.js';
import {
  ATTR_OPENAI_API_TYPE,
  ATTR_OPENAI_REQUEST_SERVICE_TIER,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
} from './semconv.js';

type Request = OpenAI.Responses.ResponseCreateParams;
type Answer = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;
type Item = OpenAI.Responses.ResponseOutputItem;

const inputOf = ({ input }: Request): readonly Message[] =>
  typeof input === 'string'
    ? [{ role: 'user', parts: [{ type: 'text', content: input }] }]
    : itemsToMessages(input ?? [], 'user');

/** A response as it is asked for. */
export const responsesRequest = (
  body: Request,
): Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'> => ({
  operation: 'chat',
  model: body.model ?? '',
  attributes: knownAttributes({
    [ATTR_OPENAI_API_TYPE]: 'responses',
    [ATTR_OPENAI_REQUEST_SERVICE_TIER]: body.service_tier,
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: body.max_output_tokens,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: body.temperature,
    [ATTR_GEN_AI_REQUEST_TOP_P]: body.top_p,
    [ATTR_GEN_AI_REQUEST_STREAM]: body.stream === true ? true : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: body.reasoning?.effort,
    [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: body.previous_response_id,
    [ATTR_GEN_AI_OUTPUT_TYPE]: OUTPUT_TYPES[body.text?.format?.type ?? ''],
  }),
  content: () => ({
    [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(inputOf(body)),
    ...(typeof body.instructions === 'string' && {
      [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: encodeParts('system', [
        { type: 'text', content: body.instructions },
      ]),
    }),
    ...(body.tools && { [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(body.tools) }),
  }),
});

const reasonOf = ({
  output = [],
  incomplete_details: incomplete,
  error,
}: Partial<Answer>): string =>
  incomplete?.reason ??
  (error ? 'error' : output.some(({ type }) => type === 'function_call') ? 'tool_calls' : 'stop');

const responseOf = (answer: Partial<Answer>): GenerationResponse => {
  const { usage, output = [] } = answer;
  const reason = reasonOf(answer);
  return {
    attributes: knownAttributes({
      [ATTR_GEN_AI_RESPONSE_ID]: answer.id,
      [ATTR_GEN_AI_RESPONSE_MODEL]: answer.model,
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: [reason],
      [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage?.input_tokens,
      [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.output_tokens,
      [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.input_tokens_details?.cached_tokens,
      [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.output_tokens_details?.reasoning_tokens,
      [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: answer.service_tier,
    }),
    content: () => ({
      [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages(
        itemsToMessages(output, 'assistant').map((message) => ({
          ...message,
          finish_reason: reason,
        })),
      ),
    }),
  };
};

/** Keeps what has come of each item; the last event brings the whole answer. */
function collect(): Collector {
  const items = new Map<number, Item>();
  const texts = new Map<number, string>();
  let answer: Partial<Answer> = {};
  const unfinished = (index: number, text: string): Item =>
    ({
      ...items.get(index),
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text, annotations: [] }],
    }) as Item;
  return {
    add: (piece) => {
      const event = piece as Event;
      if ('response' in event) answer = event.response;
      if (event.type === 'response.output_item.added' || event.type === 'response.output_item.done')
        items.set(event.output_index, event.item);
      if (event.type === 'response.output_text.delta')
        texts.set(event.output_index, (texts.get(event.output_index) ?? '') + event.delta);
      if (event.type === 'response.output_item.done') texts.delete(event.output_index);
    },
    response: () => {
      if (answer.output !== undefined && answer.output.length > 0) return responseOf(answer);
      for (const [index, text] of texts) items.set(index, unfinished(index, text));
      const output = [...items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
      return responseOf({ ...answer, output });
    },
  };
}

/** Responses as they are answered. */
export const responsesReader: ResponseReader = {
  read: (answer) => responseOf(answer as Answer),
  collect,
};
