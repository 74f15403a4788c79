import { pieces } from '@colloquy/fake-provider';
import type { Message, Part } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';
import { isLastAnswer } from './last-answer.js';
import type { App, Producer } from './producer.js';

const app = (tracer: string): App => ({
  python: 'google_genai.py',
  environment: 'google-genai',
  args: [tracer],
});

const skips = { 'response-chain': 'generateContent has no response chain' } as const;

/** Gemini takes objects as results, so the app puts its text into one. */
const adapt = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'tool_call_response' ? { ...part, response: { result: part.response } } : part,
  ),
});

/** Of a stream the last piece is told, and the whole by the next history. */
const adaptStreams = (message: Message, scenario: Scenario): Message =>
  isLastAnswer(message, scenario, { streamed: true })
    ? { ...message, parts: message.parts.map(lastPiece) }
    : adapt(message);

const lastPiece = (part: Part): Part =>
  part.type === 'text' ? { ...part, content: [...pieces(part.content)].at(-1) ?? '' } : part;

const GOOGLE = 'google-genai 3.4.0';

/** Google's Python SDK under the tracers that patch it; before Gemini 3, calls have no ids. */
export const PYTHON_GOOGLE_GENAI: readonly Producer[] = [
  {
    name: 'py-google-genai-openinference',
    about: `${GOOGLE}, openinference-instrumentation-google-genai 1.4.14`,
    app: app('openinference'),
    traits: {
      reasoning: true,
      noCallIds: 'named',
      usage: 'with-thoughts',
      adapt,
    },
    skips,
  },
  {
    name: 'py-google-genai-traceloop',
    about: `${GOOGLE}, opentelemetry-instrumentation-google-generativeai 0.62.4`,
    app: app('traceloop'),
    traits: {
      reasoning: true,
      noCallIds: true,
      resultsTogether: true,
      adapt: adaptStreams,
    },
    skips: {
      ...skips,
      media: 'documents are told as the Python repr of an object, which cuts their bytes',
    },
  },
  {
    name: 'py-google-genai-otel',
    about: 'google-genai 1.75.0, opentelemetry-instrumentation-google-genai 1.3b0, SPAN_ONLY',
    app: { ...app('otel'), environment: 'google-genai-1' },
    traits: {
      reasoning: true,
      noCallIds: 'named',
      resultsTogether: true,
      usage: 'with-thoughts',
      adapt,
    },
    skips,
  },
];
