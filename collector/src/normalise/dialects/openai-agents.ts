import type { AttributeValue } from '@colloquy/schema';
import type { ContentRule, Dialect } from '../dialect.js';
import { attribute } from '../content-rules.js';
import { eventList } from '../event-list.js';
import { numberInside } from '../field-readers.js';
import { readMessages } from '../messages/message.js';
import { asJson, asString } from '../read-value.js';

/** Logfire writes values as JSON: where content is left out, the id is the word null. */
const idUnlessNull = (value: AttributeValue): string | undefined =>
  value === 'null' ? undefined : asString(value);

/** Media stand in the request alone; the events tell of them as if they were words. */
const MEDIA = /"type": ?"input_(?:image|file|audio)"/;

const events = eventList('events', 'input');

const request: ContentRule = {
  source: 'events',
  read: (subject) => {
    const told = events.read(subject) ?? [];
    const items = subject.attributes.get('raw_input');
    if (typeof items !== 'string' || !MEDIA.test(items)) return told;
    return [
      ...told.filter(({ role }) => role === 'system'),
      ...readMessages(asJson(items), 'user'),
    ];
  },
};

const OPENLLMETRY = /^opentelemetry\.instrumentation\.openai_agents$/;

const messages = attribute('messages', 'gen_ai.output.messages', 'output');

/** OpenLLMetry tells each item of an answer as a message that ends by itself; the SDK knows no alternatives. */
const answer: ContentRule = {
  source: 'messages',
  read: (subject) => {
    const items = OPENLLMETRY.test(subject.scopeName) ? messages.read(subject) : undefined;
    const parts = (items ?? []).flatMap((item) => item.parts);
    return parts.length === 0 ? undefined : [{ role: 'assistant', parts }];
  },
};

/**
 * OpenAI's Agents SDK as Logfire tells of it, request and answer as one list of events, and what is
 * its own where OpenLLMetry speaks the OTel conventions.
 * @see https://logfire.pydantic.dev/docs/integrations/llms/openai/#openai-agents
 */
export const openaiAgents: Dialect = {
  name: 'openai-agents',
  marks: ['agent_trace_id', 'sdk_span_type'],
  scopes: [/^logfire\.openai_agents$/, OPENLLMETRY],
  names: [
    [/^(?:OpenAI Agents trace|Task|Turn|Handoff)\b/, 'chain'],
    [/^Agent run\b/, 'agent'],
    [/^Function\b/, 'tool'],
    [/^Guardrail\b/, 'guardrail'],
    [/^(?:Responses API|Chat completion)\b/, 'llm'],
  ],
  fields: {
    agentName: ['agent_name'],
    responseId: [{ key: 'response_id', read: idUnlessNull }],
    inputTokens: [numberInside('usage', 'input_tokens')],
    outputTokens: [numberInside('usage', 'output_tokens')],
  },
  input: [request],
  output: [answer, eventList('events', 'output')],
};
