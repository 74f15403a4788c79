import type { GenerateContentParameters, Tool } from '@google/genai';
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
} from '@colloquy/threads/instrumentation';
import { toMessages, toParts } from './content.js';

/** What the conventions call the forms of output that can be asked for. */
const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  'text/plain': 'text',
  'application/json': 'json',
  TEXT: 'text',
  IMAGE: 'image',
  AUDIO: 'speech',
};

/** Functions of the application each by itself; tools of Google's are told as they are. */
const definitionsOf = ({ functionDeclarations, ...own }: Tool): readonly object[] => [
  ...(functionDeclarations ?? []).map(
    ({ name, description, parameters, parametersJsonSchema }) => ({
      type: 'function',
      name,
      description,
      parameters: parametersJsonSchema ?? parameters,
    }),
  ),
  ...Object.entries(own).map(([name, settings]) => ({ type: name, name, ...Object(settings) })),
];

/** Content as it is asked for. */
export const generateRequest = ({
  model,
  contents,
  config = {},
}: GenerateContentParameters): Pick<
  GenerationRequest,
  'operation' | 'model' | 'attributes' | 'content'
> => ({
  operation: 'generate_content',
  model,
  attributes: knownAttributes({
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: config.maxOutputTokens,
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: config.temperature,
    [ATTR_GEN_AI_REQUEST_TOP_P]: config.topP,
    [ATTR_GEN_AI_REQUEST_TOP_K]: config.topK,
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: config.frequencyPenalty,
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: config.presencePenalty,
    [ATTR_GEN_AI_REQUEST_SEED]: config.seed,
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: config.stopSequences,
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]:
      config.candidateCount === 1 ? undefined : config.candidateCount,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: config.thinkingConfig?.thinkingLevel,
    [ATTR_GEN_AI_OUTPUT_TYPE]:
      OUTPUT_TYPES[config.responseMimeType ?? config.responseModalities?.[0] ?? ''],
  }),
  content: () => ({
    [ATTR_GEN_AI_INPUT_MESSAGES]: encodeMessages(toMessages(contents)),
    ...(config.systemInstruction && {
      [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: encodeParts('system', toParts(config.systemInstruction)),
    }),
    ...(config.tools && {
      [ATTR_GEN_AI_TOOL_DEFINITIONS]: encodeJson(
        config.tools.flatMap((tool) => ('callTool' in tool ? [] : definitionsOf(tool))),
      ),
    }),
  }),
});
