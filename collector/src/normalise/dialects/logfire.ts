import type { Json, Message } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { readWhole } from '../read-whole.js';
import { isObject, stringAt } from '../messages/json.js';
import { readMessages } from '../messages/message.js';
import { asJson } from '../read-value.js';

/** Where a request keeps its words; newer versions leave the model alone there. */
const CONTENT_FIELDS = ['messages', 'input', 'prompt'] as const;

const isCut = (json: Json): json is string => typeof json === 'string';

const request: ContentRule = {
  source: 'request',
  key: 'request_data',
  read: ({ attributes }): readonly Message[] | undefined => {
    const json: Json = asJson(attributes.get('request_data') ?? null);
    if (isCut(json)) return readWhole(json, 'user');
    const hasContent = isObject(json) && CONTENT_FIELDS.some((field) => Object.hasOwn(json, field));
    return hasContent ? readMessages(json, 'user') : undefined;
  },
};

/** A message, or the text of a completion or, before message accumulation, of a stream. */
const response: ContentRule = {
  source: 'request',
  key: 'response_data',
  read: ({ attributes }): readonly Message[] | undefined => {
    const json: Json = asJson(attributes.get('response_data') ?? null);
    if (isCut(json)) return readWhole(json, 'assistant');
    if (!isObject(json)) return undefined;
    const said = json['message'] ?? stringAt(json, 'combined_chunk_content', 'text') ?? null;
    return said === null ? undefined : readMessages(said, 'assistant');
  },
};

/**
 * Logfire's own instrumentation of OpenAI and Anthropic: request and response as they are (format
 * 1), or OTel attributes, which `otel-genai` reads. A stream is two spans: the request, and a log
 * record in the form of a span that repeats it and brings the answer.
 */
export const logfire: Dialect = {
  name: 'logfire',
  marks: ['logfire.', 'request_data', 'response_data'],
  scopes: [/^logfire(?:\.|$)/],
  input: [request],
  output: [response],
};
