import type { Message, Part } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';
import { isLastAnswer, withoutLastThoughts } from './last-answer.js';
import type { App, Producer } from './producer.js';

const app = (tracer: string): App => ({
  python: 'openai_responses.py',
  environment: 'openai',
  args: [tracer],
});

/** OpenLLMetry tells calls by the ids of their items, and documents by their names alone. */
const itemsOnly = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part => {
    if (part.type === 'tool_call')
      return { type: 'tool_call', name: part.name, arguments: part.arguments ?? {} };
    return part.type === 'blob' && part.modality === 'document'
      ? { type: 'raw', content: { type: 'file', file_id: null, filename: 'ticket.pdf' } }
      : part;
  }),
});

/** Streamed answers are told by the next history alone, so that the last one is not. */
const asItems = (message: Message, scenario: Scenario): Message | undefined =>
  isLastAnswer(message, scenario, { streamed: true }) ? undefined : itemsOnly(message);

const OPENAI = 'openai 3.54.0';

/** OpenAI's Python SDK over Responses under the tracers that patch it. */
export const PYTHON_OPENAI_RESPONSES: readonly Producer[] = [
  {
    name: 'py-responses-openinference',
    about: `${OPENAI}, openinference-instrumentation-openai 0.1.66`,
    app: app('openinference'),
    traits: { reasoning: true },
    skips: {},
  },
  {
    name: 'py-responses-traceloop',
    about: `${OPENAI}, opentelemetry-instrumentation-openai 0.62.4`,
    app: app('traceloop'),
    traits: { reasoning: true, usage: 'no-streams', adapt: asItems },
    skips: {},
  },
  {
    name: 'py-responses-otel',
    about: `${OPENAI}, opentelemetry-instrumentation-genai-openai 1.3b0, SPAN_ONLY`,
    app: app('otel'),
    traits: { reasoning: true, adapt: withoutLastThoughts },
    skips: {},
  },
];
