import type { Message, Part } from '@colloquy/schema';
import { withUploadedDocuments } from './langfuse-uploads.js';
import type { App, Producer } from './producer.js';

const app = (tracer: string): App => ({
  python: 'anthropic_messages.py',
  environment: 'anthropic',
  args: [tracer],
});

const skips = { 'response-chain': 'Messages has no response chain' } as const;

/** The SDK's own spans name a picture or a document and hold neither. */
const withoutMedia = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part =>
    part.type === 'blob' ? { type: 'raw', content: { type: `anthropic_${part.modality}` } } : part,
  ),
});

const ANTHROPIC = 'anthropic 2.12.0';

/** Anthropic's Python SDK under the tracers that patch it. */
export const PYTHON_ANTHROPIC: readonly Producer[] = [
  {
    name: 'py-anthropic-openinference',
    about: `${ANTHROPIC}, openinference-instrumentation-anthropic 3.1.0`,
    app: app('openinference'),
    traits: { reasoning: true },
    skips,
  },
  {
    name: 'py-anthropic-traceloop',
    about: `${ANTHROPIC}, opentelemetry-instrumentation-anthropic 0.62.4`,
    app: app('traceloop'),
    // A stream's first count of output tokens is added to its last, which includes it.
    traits: { reasoning: true, resultsTogether: true, usage: 'no-streams' },
    skips,
  },
  {
    name: 'py-anthropic-otel',
    about: `${ANTHROPIC}, opentelemetry-instrumentation-genai-anthropic 1.3b0, SPAN_ONLY`,
    app: app('otel'),
    traits: { reasoning: true, resultsTogether: true },
    skips,
  },
  {
    name: 'py-anthropic-own',
    about: `${ANTHROPIC} with the spans it writes itself, content_mode content`,
    app: app('anthropics-own'),
    traits: { reasoning: true, resultsTogether: true, adapt: withoutMedia },
    skips,
  },
  {
    name: 'py-anthropic-traceloop-legacy',
    about: 'anthropic 0.125.0, opentelemetry-instrumentation-anthropic 0.40.14',
    app: { ...app('traceloop'), environment: 'traceloop-legacy' },
    // It knows nothing of `messages.stream`.
    traits: { reasoning: true, resultsTogether: true, usage: 'no-streams' },
    skips: { ...skips, 'stream-tools': 'calls of messages.stream are not told' },
  },
  {
    name: 'py-anthropic-langfuse',
    about: `${ANTHROPIC}, opentelemetry-instrumentation-anthropic 0.62.4, langfuse 5.0.4`,
    app: { python: 'anthropic_langfuse.py', environment: 'langfuse-anthropic' },
    traits: {
      reasoning: true,
      resultsTogether: true,
      usage: 'no-streams',
      adapt: withUploadedDocuments,
    },
    skips,
  },
];
