import type { AttributeValue, Message, Part } from '@colloquy/schema';
import type { ContentRule, Dialect, FieldKey, Subject } from '../dialect.js';
import { attribute, plainOrJson } from '../content-rules.js';
import { numberInside } from '../field-readers.js';
import { isObject, stringAt } from '../messages/json.js';
import { readMessages } from '../messages/message.js';
import { asJson, asString } from '../read-value.js';

const SUBTYPE = 'genkit:metadata:subtype';

const isOf = ({ attributes }: Subject, subtype: RegExp): boolean =>
  subtype.test(asString(attributes.get(SUBTYPE) ?? null) ?? '');

/** The name of a span is that of a model or of a tool, as its subtype says. */
const nameOf = (subtype: RegExp): FieldKey => ({
  key: 'genkit:name',
  read: (value, subject) => (isOf(subject, subtype) ? value : undefined),
});

const MODEL = /^(?:background-)?model$/;
const TOOL = /^tool(?:\.v2)?$/;

/** A number in the answer of a model call; wrappers repeat it. */
function counted(...paths: readonly string[]): FieldKey {
  const { key, read } = numberInside('genkit:output', ...paths);
  return {
    key,
    read: (value, subject) => (isOf(subject, MODEL) ? read(value, subject) : undefined),
  };
}

/** Found where the JSON was cut as well. */
const usage = (name: string): FieldKey => counted(`usage.${name}`, name);

const finishReason = (value: AttributeValue): readonly string[] | undefined => {
  const json = asJson(value);
  const reason = isObject(json) ? stringAt(json, 'finishReason') : undefined;
  return reason === undefined ? undefined : [reason];
};

/** Structured output is kept decoded, as `{data}`. */
const withData = (part: Part): Part =>
  part.type === 'raw' && isObject(part.content) && part.content['data'] !== undefined
    ? { type: 'text', content: JSON.stringify(part.content['data']) }
    : part;

const hasWords = ({ parts }: Message): boolean => parts.some(({ type }) => type === 'text');

/** Its plugins drop the words beside tool calls; the raw response has them. */
function withRawWords(answer: Message, raw: readonly Message[]): Message {
  const [said, another] = raw;
  const isSame = said !== undefined && another === undefined;
  if (!isSame || hasWords(answer) || !answer.parts.some(({ type }) => type === 'tool_call'))
    return answer;
  return {
    ...answer,
    parts: [...said.parts.filter(({ type }) => type === 'text'), ...answer.parts],
  };
}

/** The provider's own response, as the plugin has kept it. */
function rawAnswer(value: AttributeValue): readonly Message[] {
  const json = asJson(value);
  return isObject(json) ? readMessages(json['raw'] ?? null, 'assistant') : [];
}

/** Requests and answers of models; other spans hold what their functions were given and gave. */
function modelContent(key: string, side: 'input' | 'output'): ContentRule {
  const rule = attribute('request', key, side);
  return {
    ...rule,
    read: (subject) => {
      if (!isOf(subject, MODEL)) return undefined;
      const messages = rule
        .read(subject)
        ?.map((message) => ({ ...message, parts: message.parts.map(withData) }));
      const [answer, other] = messages ?? [];
      return side === 'output' && answer !== undefined && other === undefined
        ? [withRawWords(answer, rawAnswer(subject.attributes.get(key) ?? null))]
        : messages;
    },
  };
}

/**
 * Genkit: every action is a span with its input and output as JSON. `generate` spans wrap model
 * spans and repeat the request.
 */
export const genkit: Dialect = {
  name: 'genkit',
  marks: ['genkit:type', 'genkit:name', 'genkit:path', SUBTYPE],
  scopes: [/^genkit-tracer$/],
  kinds: [
    {
      key: SUBTYPE,
      kinds: {
        model: 'llm',
        'background-model': 'llm',
        tool: 'tool',
        'tool.v2': 'tool',
        agent: 'agent',
        flow: 'chain',
        prompt: 'chain',
        'executable-prompt': 'chain',
        util: 'chain',
        retriever: 'retriever',
        indexer: 'other',
        reranker: 'reranker',
        embedder: 'embedding',
        evaluator: 'evaluator',
      },
    },
    {
      key: 'genkit:type',
      kinds: {
        flow: 'chain',
        flowstep: 'chain',
        prompttemplate: 'chain',
        executableprompt: 'chain',
        util: 'chain',
        helper: 'chain',
      },
    },
  ],
  fields: {
    requestModel: [nameOf(MODEL)],
    toolName: [nameOf(TOOL)],
    finishReasons: [{ key: 'genkit:output', read: finishReason }],
    inputTokens: [usage('inputTokens')],
    outputTokens: [usage('outputTokens')],
    cacheReadInputTokens: [
      usage('cachedContentTokens'),
      counted('usage.custom.cachedContentTokens'),
      // The plugin for OpenAI leaves the details to the raw response.
      counted('raw.usage.prompt_tokens_details.cached_tokens'),
    ],
    reasoningOutputTokens: [
      usage('thoughtsTokens'),
      counted('raw.usage.completion_tokens_details.reasoning_tokens'),
    ],
    errorType: [
      { key: 'genkit:state', read: (state) => (state === 'error' ? 'error' : undefined) },
    ],
  },
  input: [modelContent('genkit:input', 'input'), plainOrJson('genkit:input', 'input')],
  output: [modelContent('genkit:output', 'output'), plainOrJson('genkit:output', 'output')],
};
