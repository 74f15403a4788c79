import { UNNAMED } from './filtered-spans.js';
import { withUploads } from './langfuse-uploads.js';
import type { App, Producer } from './producer.js';

const app = (name: string): App => ({ javascript: 'main.ts', package: name });

const skips = { 'response-chain': 'Chat Completions has no response chain' } as const;

/** OpenAI's JavaScript SDK as the SDKs of observability platforms wrap it. */
export const JAVASCRIPT_PLATFORMS: readonly Producer[] = [
  {
    name: 'js-langfuse',
    about: 'openai 6.30.1, @langfuse/openai 5.11.1, @langfuse/otel 5.11.1',
    app: app('langfuse'),
    traits: { adapt: withUploads },
    skips: { ...skips, ...UNNAMED },
  },
  {
    name: 'js-langsmith',
    about: 'openai 6.30.1, langsmith 0.12.0',
    app: app('langsmith'),
    // A streamed call is told on the span around it and ends that, so that the next one is not told.
    traits: { usage: 'one-stream' },
    skips: { ...skips, ...UNNAMED },
  },
  {
    name: 'js-laminar',
    about: 'openai 6.30.1, @lmnr-ai/lmnr 0.8.38',
    app: app('laminar'),
    traits: { usage: 'no-streams' },
    skips: {
      ...skips,
      ...UNNAMED,
      'no-capture': 'Laminar for JavaScript has no switch for content',
    },
  },
];
