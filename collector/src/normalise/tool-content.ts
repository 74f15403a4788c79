import type { AttributeMap, GenAi, Json, JsonObject, Message } from '@colloquy/schema';
import { toJson } from '../to-json.js';
import { isArray, isObject } from './messages/json.js';
import { asJson } from './read-value.js';

/** What a tool was given, best key first. */
const ARGUMENT_KEYS = [
  'gen_ai.tool.call.arguments',
  'ai.toolCall.args',
  'tool_arguments',
  'gcp.vertex.agent.tool_call_args',
  'input.value',
  'traceloop.entity.input',
] as const;

/** What a tool gave back. */
const RESULT_KEYS = [
  'gen_ai.tool.call.result',
  'ai.toolCall.result',
  'tool_response',
  'gcp.vertex.agent.tool_response',
  'output.value',
  'traceloop.entity.output',
  // Mastra has no result of a tool that failed; the model is told these words.
  'error.message',
] as const;

const keyIn = (attributes: AttributeMap, keys: readonly string[]): string | undefined =>
  keys.find((candidate) => attributes.get(candidate) != null);

const valueOf = (attributes: AttributeMap, key: string | undefined): Json | undefined =>
  key === undefined ? undefined : asJson(attributes.get(key) ?? null);

/** Text that says it is plain is not unquoted; objects are written by that type as well. */
function resultOf(attributes: AttributeMap, key: string | undefined): Json | undefined {
  const value = valueOf(attributes, key);
  const isPlain = key === 'output.value' && attributes.get('output.mime_type') === 'text/plain';
  return isPlain && typeof value === 'string' ? toJson(attributes.get(key) ?? null) : value;
}

/** Wrappers of functions write `{args: [...], kwargs: {...}}`. */
function unwrapped(value: Json): Json {
  if (!isObject(value) || !Object.keys(value).every((key) => key === 'args' || key === 'kwargs'))
    return value;
  const { args, kwargs }: JsonObject = value;
  if (isObject(kwargs) && Object.keys(kwargs).length > 0) return kwargs;
  return isArray(args) && args.length === 1 ? (args[0] ?? null) : value;
}

type Content = Pick<
  GenAi,
  'inputMessages' | 'inputSource' | 'inputKey' | 'outputMessages' | 'outputSource' | 'outputKey'
>;

const said = (message: Message | undefined, given: readonly Message[]): readonly Message[] =>
  message === undefined ? given : [message];

/** What went into a tool and came out of it, as the call and the result that a conversation shows. */
export function readToolContent(genAi: GenAi, name: string, attributes: AttributeMap): Content {
  const { toolCallId: id, toolName = name } = genAi;
  const inputKey = keyIn(attributes, ARGUMENT_KEYS);
  const outputKey = keyIn(attributes, RESULT_KEYS);
  const args = valueOf(attributes, inputKey);
  const result = resultOf(attributes, outputKey);
  const call: Message | undefined =
    args === undefined
      ? undefined
      : {
          role: 'assistant',
          parts: [
            {
              type: 'tool_call',
              ...(id !== undefined && { id }),
              name: toolName,
              arguments: unwrapped(args),
            },
          ],
        };
  const response: Message | undefined =
    result === undefined
      ? undefined
      : {
          role: 'tool',
          parts: [
            {
              type: 'tool_call_response',
              ...(id === undefined ? { name: toolName } : { id }),
              response: result,
            },
          ],
        };
  return {
    inputMessages: said(call, genAi.inputMessages),
    inputSource: call === undefined ? genAi.inputSource : 'messages',
    inputKey: inputKey ?? genAi.inputKey,
    outputKey: outputKey ?? genAi.outputKey,
    outputMessages: said(response, genAi.outputMessages),
    outputSource: response === undefined ? genAi.outputSource : 'messages',
  };
}
