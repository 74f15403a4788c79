import type { App, Producer } from './producer.js';

const agent = (...args: readonly string[]): App => ({
  python: 'agent_framework_agent.py',
  environment: 'agent-framework',
  args,
});

const about = 'agent-framework-core 1.23.0, agent-framework-openai 1.17.0, openai 3.54.0' as const;

const skips = {
  'response-chain': 'the app keeps the history and sends all of it',
  'hand-off': "an agent's instructions stand for its whole run",
} as const;

/** Microsoft Agent Framework for Python, which traces itself. */
export const PYTHON_AGENT_FRAMEWORK: readonly Producer[] = [
  {
    name: 'py-agent-framework',
    about: `${about}; Chat Completions, messages in spans`,
    app: agent('chat', 'spans'),
    traits: { resultsTogether: true },
    skips,
  },
  {
    name: 'py-agent-framework-responses',
    about: `${about}; Responses, messages in spans and log records`,
    app: agent('responses', 'logs'),
    traits: { resultsTogether: true },
    skips: {
      ...skips,
      reasoning: 'the client refuses to re-send reasoning that was not encrypted for it',
    },
  },
];
