import type Anthropic from '@anthropic-ai/sdk';
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  knownAttributes,
  type GenerationRequest,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  encodeJson,
  encodeMessages,
  encodeParts,
  toMessage,
  toParts,
} from '@colloquy/threads/instrumentation';

/** Of the API proper and of its beta; what older models alone take has left the newer types. */
export type Request = (Anthropic.MessageCreateParams | Anthropic.Beta.MessageCreateParams) & {
  readonly temperature?: unknown;
  readonly top_k?: unknown;
  readonly top_p?: unknown;
  readonly thread?: { readonly previous_message_id?: unknown } | null;
};

type Tools = NonNullable<Request['tools']>;

const OUTPUT_TYPES: Readonly<Record<string, string>> = { json_schema: 'json' };

/** Tools of the application have a schema; those that Anthropic runs are passed on as they are. */
const definitionOf = (tool: Tools[number]): object =>
  'input_schema' in tool
    ? {
        type: 'function',
        name: tool.name,
        description: tool.description,
        parameters: tool.input_schema,
      }
    : tool;

/** A message as it is asked for. */
export const messagesRequest = (
  body: Request,
): Pick<GenerationRequest, 'operation' | 'model' | 'attributes' | 'content'> => ({
  operation: 'chat',
  model: body.model,
  attributes: knownAttributes({
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: body.max_tokens,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: body.temperature,
    [ATTR_GEN_AI_REQUEST_TOP_P]: body.top_p,
    [ATTR_GEN_AI_REQUEST_TOP_K]: body.top_k,
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: body.stop_sequences,
    [ATTR_GEN_AI_REQUEST_STREAM]: body.stream === true ? true : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: body.output_config?.effort,
    [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: body.thread?.previous_message_id,
    [ATTR_GEN_AI_OUTPUT_TYPE]: OUTPUT_TYPES[body.output_config?.format?.type ?? ''],
  }),
  content: () => ({
    [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(
      body.messages.map((message) => toMessage({ ...message })),
    ),
    ...(body.system && {
      [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: encodeParts('system', toParts(body.system)),
    }),
    ...(body.tools && {
      [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(body.tools.map(definitionOf)),
    }),
  }),
});
