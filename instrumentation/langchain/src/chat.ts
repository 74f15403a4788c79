import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  knownAttributes,
  type GenerationRequest,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  encodeJson,
  encodeMessages,
} from '@colloquy/threads/instrumentation';
import { fieldsOf, firstOf, listOf, type Fields } from './fields.js';
import { toGenAiMessage } from './messages.js';
import { providerOf } from './providers.js';

/** What providers' classes call the parameters of a call. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: [
    'max_completion_tokens',
    'max_tokens',
    'max_output_tokens',
    'maxOutputTokens',
    'maxTokens',
    'ls_max_tokens',
  ],
  [ATTR_GEN_AI_REQUEST_TEMPERATURE]: ['temperature', 'ls_temperature'],
  [ATTR_GEN_AI_REQUEST_TOP_P]: ['top_p', 'topP'],
  [ATTR_GEN_AI_REQUEST_TOP_K]: ['top_k', 'topK'],
  [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: ['frequency_penalty', 'frequencyPenalty'],
  [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: ['presence_penalty', 'presencePenalty'],
  [ATTR_GEN_AI_REQUEST_SEED]: ['seed'],
  [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: ['stop', 'stop_sequences', 'stopSequences', 'ls_stop'],
  [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: ['n'],
  [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: ['reasoning_effort', 'reasoningEffort'],
};

const MODELS = ['model', 'model_name', 'modelName', 'ls_model_name'] as const;

const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  text: 'text',
  json_object: 'json',
  json_schema: 'json',
};

function parametersOf(parameters: Fields): Attributes {
  const known = knownAttributes(
    Object.fromEntries(
      Object.entries(PARAMETERS).map(([key, names]) => [key, firstOf(parameters, names)]),
    ),
  );
  const { type } = fieldsOf(parameters['response_format']);
  const { [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices, ...others } = known;
  return {
    ...others,
    ...(choices !== undefined && choices !== 1 && { [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices }),
    ...knownAttributes({ [ATTR_GEN_AI_OUTPUT_TYPE]: OUTPUT_TYPES[String(type)] }),
  };
}

/** The tools of OpenAI's APIs and of Anthropic's, in the form of the conventions. */
function toolOf(tool: unknown): unknown {
  const { function: called, input_schema: schema, ...others } = fieldsOf(tool);
  if (called !== undefined) return { type: 'function', ...fieldsOf(called) };
  return schema === undefined ? tool : { type: 'function', ...others, parameters: schema };
}

const toolsOf = (tools: readonly unknown[]): Attributes =>
  tools.length === 0 ? {} : { [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(tools.map(toolOf)) };

/** A call of a model as LangChain begins it. */
export interface ModelCall {
  /** `chat`, or `text_completion` of models that continue a text. */
  readonly operation: string;
  /** Messages, or one text. */
  readonly messages: readonly unknown[];
  /** LangChain's `extraParams`. */
  readonly extra: unknown;
  readonly metadata: unknown;
}

/** A call of a model as it is asked for. */
export function modelRequest({
  operation,
  messages,
  extra,
  metadata,
}: ModelCall): GenerationRequest {
  const parameters = {
    ...fieldsOf(metadata),
    ...fieldsOf(fieldsOf(extra)['invocation_params']),
  };
  const model = firstOf(parameters, MODELS);
  return {
    operation,
    provider: providerOf(fieldsOf(metadata)['ls_provider']),
    model: typeof model === 'string' ? model : '',
    attributes: parametersOf(parameters),
    content: () => ({
      [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(messages.map(toGenAiMessage)),
      ...toolsOf(listOf(parameters['tools'])),
    }),
  };
}
