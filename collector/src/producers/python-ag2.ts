import type { Message } from '@colloquy/schema';
import type { Producer } from './producer.js';

/** The telemetry leaves pictures and documents out of a question. */
const withoutBytes = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ type }) => type !== 'blob'),
});

/** AG2's agents, which write spans by a middleware of their own. */
export const PYTHON_AG2: readonly Producer[] = [
  {
    name: 'py-ag2',
    about: 'ag2 1.2.1, openai 3.54.0, TelemetryMiddleware',
    app: { python: 'ag2_agent.py', environment: 'ag2' },
    traits: { noSystem: true, adapt: withoutBytes },
    skips: {
      'response-chain': 'the agent re-sends its messages; it names no response',
      'abandoned-stream': 'a run is awaited whole, whether its model streams or not',
      'hand-off': "an agent's instructions stand for its whole run",
    },
  },
];
