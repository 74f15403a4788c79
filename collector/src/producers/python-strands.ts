import type { Message } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const agent = (model: string, form: string): App => ({
  python: 'strands_agent.py',
  environment: 'strands',
  args: [model, form],
});

const skips = {
  'response-chain': 'the agent re-sends its messages; it names no response',
} as const;

/** Strands writes `<replaced>` for the bytes of media. */
const withoutBytes = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'blob' ? { ...part, content: '<replaced>' } : part,
  ),
});

const about = 'strands-agents 1.62.0';

/** Strands Agents for Python, which traces itself: in span events, one form or the other. */
export const PYTHON_STRANDS: readonly Producer[] = [
  {
    name: 'py-strands-openai',
    about: `${about}, openai 2.54.0; one event for each message`,
    app: agent('openai', 'events'),
    traits: { resultsTogether: true, adapt: withoutBytes },
    skips,
  },
  {
    name: 'py-strands-openai-details',
    about: `${about}, openai 2.54.0; gen_ai_latest_experimental`,
    app: agent('openai', 'details'),
    traits: { resultsTogether: true, adapt: withoutBytes },
    skips,
  },
  {
    name: 'py-strands-bedrock',
    about: `${about}, Bedrock; one event for each message`,
    app: agent('bedrock', 'events'),
    traits: { resultsTogether: true, adapt: withoutBytes, reasoning: true },
    skips: { ...skips, structured: 'Converse takes no schema for an answer' },
  },
];
