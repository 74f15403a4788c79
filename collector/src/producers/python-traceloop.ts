import type { App, Producer } from './producer.js';

const app = (sdk: string): App => ({
  python: 'traceloop_app.py',
  environment: 'traceloop-sdk',
  args: [sdk],
});

const media =
  "the SDK's uploader of pictures cannot be awaited, so that a history with one is lost";

/** Apps under the Traceloop SDK, which brings decorators for workflows, tools and agents. */
export const PYTHON_TRACELOOP: readonly Producer[] = [
  {
    name: 'py-traceloop-openai',
    about: 'traceloop-sdk 0.62.4, openai 3.54.0, threads named by session_id',
    app: app('openai'),
    traits: {},
    skips: { 'response-chain': 'Chat Completions has no response chain', media },
  },
  {
    name: 'py-traceloop-anthropic',
    about: 'traceloop-sdk 0.62.4, anthropic 2.12.0, threads named by thread_id',
    app: app('anthropic'),
    // A stream's first count of output tokens is added to its last, which includes it.
    traits: { reasoning: true, resultsTogether: true, usage: 'no-streams' },
    skips: { 'response-chain': 'Messages has no response chain', media },
  },
];
