import type { Producer } from './producer.js';

/** AutoGen's agents, which write spans without content; what was said stands on those of the model's SDK. */
export const PYTHON_AUTOGEN: readonly Producer[] = [
  {
    name: 'py-autogen-openinference',
    about:
      'autogen-agentchat 0.7.5, autogen-ext 0.7.5, openai 3.54.0, openinference-instrumentation-openai 0.1.66',
    app: { python: 'autogen_agent.py', environment: 'autogen' },
    traits: { usage: 'no-streams' },
    skips: {
      'response-chain': 'the agent re-sends its context; it names no response',
      'hand-off': "an agent's instructions stand for its whole run",
      media: 'a message of several kinds of content has no place for files',
    },
  },
];
