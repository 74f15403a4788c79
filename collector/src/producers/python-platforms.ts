import type { Message, Part } from '@colloquy/schema';
import { withUploads } from './langfuse-uploads.js';
import type { App, Producer } from './producer.js';

const chat = (platform: string, environment = platform): App => ({
  python: 'openai_platform.py',
  environment,
  args: [platform],
});

const skips = {
  'response-chain': 'Chat Completions has no response chain',
} as const;

/** OpenLIT tells of media by address, and of bytes not at all. */
const withoutBytes = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ type }) => type !== 'blob'),
});

/** MLflow uploads bytes to its own store; their address tells of what kind they are and how many. */
const storedByMlflow = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part): Part => {
    if (part.type !== 'blob') return part;
    const { modality, mime_type = '' } = part;
    const size = Buffer.from(part.content, 'base64').length;
    const type = encodeURIComponent(mime_type);
    return { type: 'uri', modality, mime_type, uri: `${STORE}?content_type=${type}&size=${size}` };
  }),
});

const STORE = 'mlflow-attachment://';

/** An address holds an id drawn for it, and that of the trace. */
const withoutDraws = (part: Part): Part =>
  part.type === 'uri'
    ? { ...part, uri: part.uri.replace(/^(mlflow-attachment:\/\/)[^?]*|&trace_id=[^&]*/g, '$1') }
    : part;

/** OpenAI's Python SDK as the SDKs of observability platforms wrap it. */
export const PYTHON_PLATFORMS: readonly Producer[] = [
  {
    name: 'py-langfuse',
    about: 'openai 3.54.0, langfuse 4.18.0',
    app: chat('langfuse'),
    traits: { adapt: withUploads },
    skips,
  },
  {
    name: 'py-langfuse-3',
    about: 'openai 3.54.0, langfuse 3.15.0',
    app: chat('langfuse', 'langfuse-3'),
    traits: { adapt: withUploads },
    skips: {
      ...skips,
      'abandoned-stream': 'its stream cannot be closed, and its span ends only with the stream',
    },
  },
  {
    name: 'py-langfuse-5',
    about: 'openai 3.54.0, langfuse 5.0.4',
    app: chat('langfuse', 'langfuse-5'),
    traits: { adapt: withUploads },
    skips,
  },
  {
    name: 'py-langsmith',
    about: 'openai 3.54.0, langsmith 0.15.0',
    app: chat('langsmith'),
    traits: {},
    skips,
  },
  {
    name: 'py-logfire',
    about: 'openai 3.54.0, logfire 5.2.0',
    app: chat('logfire'),
    traits: {},
    skips: { ...skips, 'no-capture': 'Logfire has no switch for content' },
  },
  {
    name: 'py-logfire-requests',
    about: 'openai 3.54.0, logfire 5.2.0, span format 1',
    app: chat('logfire-requests', 'logfire'),
    traits: {},
    skips: { ...skips, 'no-capture': 'Logfire has no switch for content' },
  },
  {
    name: 'py-mlflow',
    about: 'openai 3.54.0, mlflow-tracing 3.17.2',
    app: chat('mlflow'),
    traits: { adapt: storedByMlflow, withoutDraws },
    skips: {
      ...skips,
      'missing-root': 'MLflow records nothing below a span that is not recorded',
      'no-capture': 'MLflow has no switch for content',
    },
  },
  {
    name: 'py-openlit',
    about: 'openai 2.54.0, openlit 1.45.0',
    app: chat('openlit'),
    traits: { adapt: withoutBytes },
    skips,
  },
  {
    name: 'py-laminar',
    about: 'openai 3.54.0, lmnr 0.8.2',
    app: chat('laminar', 'lmnr'),
    traits: {},
    skips: {
      ...skips,
      'missing-root': 'Laminar has a context of its own, in which others are no parents',
    },
  },
  {
    name: 'py-litellm',
    about: 'litellm 1.100.0, callback otel',
    app: chat('litellm', 'litellm-sdk'),
    traits: {},
    skips,
  },
  {
    name: 'py-litellm-openinference',
    about: 'litellm 1.100.0, openinference-instrumentation-litellm 0.1.51',
    app: chat('litellm-openinference', 'litellm-sdk'),
    traits: {},
    skips,
  },
];
