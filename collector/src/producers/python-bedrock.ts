import type { Message, Part } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const app = (tracer: string): App => ({
  python: 'bedrock_converse.py',
  environment: 'bedrock',
  args: [tracer],
});

const skips = { 'response-chain': 'Converse has no response chain' } as const;

/** OpenLLMetry describes media and leaves their bytes out. */
const withoutBytes = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part => {
    if (part.type !== 'blob') return part;
    const name = part.modality === 'image' ? {} : { name: 'ticket' };
    return {
      type: 'raw',
      content: { ...part, mime_type: part.mime_type ?? '', ...name, content: '' },
    };
  }),
});

const BOTO3 = 'boto3 1.44.5';

/** AWS's Python SDK over Bedrock Converse under the tracers that patch it. */
export const PYTHON_BEDROCK: readonly Producer[] = [
  {
    name: 'py-bedrock-openinference',
    about: `${BOTO3}, openinference-instrumentation-bedrock 0.1.61`,
    app: app('openinference'),
    traits: { reasoning: true },
    skips,
  },
  {
    name: 'py-bedrock-traceloop',
    about: `${BOTO3}, opentelemetry-instrumentation-bedrock 0.62.4`,
    app: app('traceloop'),
    traits: { reasoning: true, resultsTogether: true, adapt: withoutBytes },
    skips,
  },
  {
    name: 'py-bedrock-otel-events',
    about: `${BOTO3}, opentelemetry-instrumentation-botocore 0.66b2`,
    app: app('otel-events'),
    traits: { reasoning: true },
    skips,
  },
  {
    name: 'py-bedrock-otel',
    about: `${BOTO3}, opentelemetry-instrumentation-genai-bedrock 1.3b0, SPAN_ONLY`,
    app: app('otel'),
    traits: { reasoning: true, resultsTogether: true },
    skips,
  },
];
