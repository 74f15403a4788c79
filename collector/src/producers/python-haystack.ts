import type { Message, Part } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const agent = (tracer: string): App => ({
  python: 'haystack_agent.py',
  environment: 'haystack',
  args: [tracer],
});

const packages = 'haystack-ai 3.4.0, openai 3.54.0';

/** The `repr` of a document ends after 100 characters of its bytes. */
const withCutFiles = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part =>
    part.type === 'blob' && part.modality === 'document'
      ? { type: 'raw', content: { file: cutFile(part.content) } }
      : part,
  ),
});

const cutFile = (base64: string) => ({
  base64_data: `${base64.slice(0, 100)}...`,
  extra: {},
  filename: 'ticket.pdf',
  mime_type: 'application/pdf',
});

/** Haystack's tracing writes how long the bytes are instead of them. */
const withStandIns = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part =>
    part.type === 'blob' ? { type: 'raw', content: standIn(part.modality, part.content) } : part,
  ),
});

const standIn = (modality: string, base64: string) => {
  const bytes = `Base64 string (${base64.length} characters)`;
  return modality === 'image'
    ? {
        image: {
          base64_image: bytes,
          detail: null,
          meta: {},
          mime_type: 'image/png',
          validation: true,
        },
      }
    : {
        file: {
          base64_data: bytes,
          extra: {},
          filename: 'ticket.pdf',
          mime_type: 'application/pdf',
          validation: true,
        },
      };
};

const skips = {
  'response-chain': 'the agent re-sends its messages; it names no response',
  'hand-off': "an agent's instructions stand for its whole run",
} as const;

/** Haystack's agents. OpenLLMetry's instrumentation 0.62.4 fails on Haystack 3, so it is not here. */
export const PYTHON_HAYSTACK: readonly Producer[] = [
  {
    name: 'py-haystack-openinference',
    about: `${packages}, openinference-instrumentation-haystack 0.1.46`,
    app: agent('openinference'),
    traits: { usage: 'no-streams', adapt: withCutFiles },
    skips,
  },
  {
    name: 'py-haystack-own',
    about: `${packages}, opentelemetry-haystack 2.0.0, content tracing on`,
    app: agent('own'),
    traits: { usage: 'inside-content', adapt: withStandIns },
    skips,
  },
];
