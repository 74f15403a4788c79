import type { Producer } from './producer.js';

const IN_ONE_JOB = 'a job is a process of its own with one session, which is one conversation';
const OWN_TRACE = 'a session is one trace, whose root it opens itself';
const OF_ALL_SPANS = 'what an app names is on all spans of a job';

/** LiveKit's agents in text mode. */
export const PYTHON_LIVEKIT: readonly Producer[] = [
  {
    name: 'py-livekit',
    about: 'livekit-agents 1.8.9, livekit-plugins-openai 1.8.9, openai 3.54.0',
    app: { python: 'livekit_agent.py', environment: 'livekit' },
    // Results that are JSON are told as what they hold.
    traits: { toolResult: 'object' },
    skips: {
      interleaved: IN_ONE_JOB,
      'http-root': OWN_TRACE,
      'missing-root': OWN_TRACE,
      'id-on-root': OF_ALL_SPANS,
      'id-on-child': OF_ALL_SPANS,
      'id-on-last': OF_ALL_SPANS,
      'abandoned-stream': 'who interrupts an agent does so by voice',
      structured: 'an agent speaks its answers',
      media: 'the text mode takes text alone',
      'response-chain': 'the agent re-sends its context; it names no response',
    },
  },
];
