import type { Producer } from './producer.js';

/** Agno's agents for Python. */
export const PYTHON_AGNO: readonly Producer[] = [
  {
    name: 'py-agno-openinference',
    about: 'agno 3.1.10, openai 3.54.0, openinference-instrumentation-agno 1.0.15',
    app: { python: 'agno_agent.py', environment: 'agno', args: ['openinference'] },
    traits: {},
    skips: {
      'response-chain': 'the agent re-sends its messages; it names no response',
      'hand-off': "an agent's instructions stand for its whole run",
      'id-on-last': 'an agent that is given no session id makes one up for each run',
      unnamed: 'an agent that is given no session id makes one up for each run',
    },
  },
];
