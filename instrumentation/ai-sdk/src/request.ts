import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
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
import { fieldsOf, listOf } from './fields.js';
import { toGenAiMessages } from './messages.js';
import { providerOf } from './provider.js';

/** Tools of functions with the schema under the name of the conventions; those of providers as they are. */
function toolOf(tool: unknown): unknown {
  const { type = 'function', name, description, inputSchema: parameters } = fieldsOf(tool);
  return type === 'function' ? { type, name, description, parameters } : tool;
}

const toolsOf = (tools: unknown): Attributes =>
  listOf(tools).length === 0
    ? {}
    : { [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(listOf(tools).map(toolOf)) };

/** A call of a language model, as the SDK makes it in versions 5 to 7. */
export interface ModelCall {
  readonly provider: unknown;
  readonly modelId: unknown;
  /** What the model is called with. */
  readonly params: unknown;
}

/** A call of a language model as it is asked for. */
export function modelRequest({ provider, modelId, params }: ModelCall): GenerationRequest {
  const asked = fieldsOf(params);
  const { type } = fieldsOf(asked['responseFormat']);
  const { reasoning } = asked;
  return {
    operation: 'chat',
    provider: providerOf(provider),
    model: typeof modelId === 'string' ? modelId : '',
    attributes: knownAttributes({
      [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asked['maxOutputTokens'],
      [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asked['temperature'],
      [ATTR_GEN_AI_REQUEST_TOP_P]: asked['topP'],
      [ATTR_GEN_AI_REQUEST_TOP_K]: asked['topK'],
      [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: asked['frequencyPenalty'],
      [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: asked['presencePenalty'],
      [ATTR_GEN_AI_REQUEST_SEED]: asked['seed'],
      [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asked['stopSequences'],
      [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]:
        reasoning === 'provider-default' ? undefined : reasoning,
      [ATTR_GEN_AI_OUTPUT_TYPE]: type,
    }),
    content: () => ({
      [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(
        toGenAiMessages(asked['prompt'] ?? asked['messages'], asked['instructions']),
      ),
      ...toolsOf(asked['tools']),
    }),
  };
}
