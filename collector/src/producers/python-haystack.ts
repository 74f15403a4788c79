import type { Message, Part } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const agent = (tracer: string): App => ({
  python: 'haystack_agent.py',
  environment: 'haystack',
  args: [tracer],
});

const packages = 'haystack-ai 3.4.0, openai 3.54.0';

/** Calls are told without their ids and results without a word, but in the repr of the whole list; pictures not at all. */
const asTold = (message: Message): Message => ({
  ...message,
  parts: message.parts.flatMap((part): readonly Part[] => {
    if (part.type === 'blob') return [];
    if (part.type === 'tool_call_response') return [{ type: part.type, response: null }];
    if (part.type !== 'tool_call') return [part];
    const { id: _, ...call } = part;
    return [call];
  }),
});

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
    traits: { usage: 'no-streams', adapt: asTold },
    skips,
  },
];
