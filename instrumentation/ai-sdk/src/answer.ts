import {
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  knownAttributes,
  type Collector,
  type GenerationResponse,
  type ResponseReader,
} from '@colloquy/instrumentation-core';
import {
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  encodeMessages,
} from '@colloquy/threads/instrumentation';
import { fieldsOf, type Fields } from './fields.js';
import { toGenAiParts } from './messages.js';

/** The provider's own word where the SDK has it (since version 6), else the SDK's. */
function reasonOf(reason: unknown): string {
  const { raw, unified } = fieldsOf(reason);
  const said = typeof reason === 'string' ? reason : (raw ?? unified);
  return typeof said === 'string' ? said.replace('tool-calls', 'tool_calls') : 'error';
}

/** A count alone, as in version 5, or the total of several. */
const totalOf = (count: unknown): unknown =>
  typeof count === 'number' ? count : fieldsOf(count)['total'];

const usageOf = (usage: Fields): Fields => {
  const input = fieldsOf(usage['inputTokens']);
  const output = fieldsOf(usage['outputTokens']);
  return {
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: totalOf(usage['inputTokens']),
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: totalOf(usage['outputTokens']),
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage['cachedInputTokens'] ?? input['cacheRead'],
    [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: input['cacheWrite'],
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage['reasoningTokens'] ?? output['reasoning'],
  };
};

function responseOf(answer: Fields): GenerationResponse {
  const { id, modelId } = fieldsOf(answer['response']);
  const reason = reasonOf(answer['finishReason']);
  return {
    attributes: knownAttributes({
      [ATTR_GEN_AI_RESPONSE_ID]: id,
      [ATTR_GEN_AI_RESPONSE_MODEL]: modelId,
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: [reason],
      ...usageOf(fieldsOf(answer['usage'])),
    }),
    content: () => ({
      [ATTR_GEN_AI_OUTPUT_MESSAGES]: encodeMessages([
        { role: 'assistant', parts: toGenAiParts(answer['content']), finish_reason: reason },
      ]),
    }),
  };
}

interface Growing {
  readonly type: string;
  text: string;
}

/** Puts the parts of a streamed answer together, in the order in which they began. */
function collect(): Collector {
  const content = new Map<string, Fields | Growing>();
  let answer: Fields = {};
  const grow = (type: string, { id, delta }: Fields): void => {
    const key = `${type} ${String(id)}`;
    const known = content.get(key) as Growing | undefined;
    if (known === undefined) content.set(key, { type, text: String(delta) });
    else known.text += String(delta);
  };
  const keep = (part: Fields): void => {
    content.set(`${String(part['type'])} ${content.size}`, part);
  };
  /** What each type of part adds. */
  const ADD: Readonly<Record<string, (part: Fields) => void>> = {
    'text-delta': (part) => grow('text', part),
    'reasoning-delta': (part) => grow('reasoning', part),
    'tool-call': keep,
    'tool-result': keep,
    file: keep,
    'reasoning-file': keep,
    'response-metadata': ({ id, modelId }) => {
      answer = { ...answer, response: { id, modelId } };
    },
    finish: ({ usage, finishReason }) => {
      answer = { ...answer, usage, finishReason };
    },
  };
  return {
    add: (piece) => {
      const part = fieldsOf(piece);
      const type = String(part['type']);
      if (Object.hasOwn(ADD, type)) ADD[type]?.(part);
    },
    response: () => responseOf({ ...answer, content: [...content.values()] }),
  };
}

/** Answers of language models, of `doGenerate` and of the stream of `doStream`. */
export const modelReader: ResponseReader = {
  read: (answer) => responseOf(fieldsOf(answer)),
  collect,
};
