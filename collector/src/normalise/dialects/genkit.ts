import type { AttributeValue, Part } from '@colloquy/schema';
import type { ContentRule, Dialect, FieldKey, Subject } from '../dialect.js';
import { attribute, plainOrJson } from '../content-rules.js';
import { numberInside } from '../field-readers.js';
import { isObject, stringAt } from '../messages/json.js';
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

/** Usage of a model call; wrappers repeat it. */
function usage(...names: readonly string[]): FieldKey {
  const { key, read } = numberInside(
    'genkit:output',
    ...names.map((name) => `usage.${name}`),
    // Found where the JSON was cut as well.
    ...names,
  ) as Exclude<FieldKey, string>;
  return {
    key,
    read: (value, subject) => (isOf(subject, MODEL) ? read(value, subject) : undefined),
  };
}

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

/** Requests and answers of models; other spans hold what their functions were given and gave. */
function modelContent(key: string, side: 'input' | 'output'): ContentRule {
  const rule = attribute('request', key, side);
  return {
    ...rule,
    read: (subject) =>
      isOf(subject, MODEL)
        ? rule.read(subject)?.map((message) => ({ ...message, parts: message.parts.map(withData) }))
        : undefined,
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
    cacheReadInputTokens: [usage('cachedContentTokens', 'custom.cachedContentTokens')],
    reasoningOutputTokens: [usage('thoughtsTokens')],
    errorType: [
      { key: 'genkit:state', read: (state) => (state === 'error' ? 'error' : undefined) },
    ],
  },
  input: [modelContent('genkit:input', 'input'), plainOrJson('genkit:input', 'input')],
  output: [modelContent('genkit:output', 'output'), plainOrJson('genkit:output', 'output')],
};
