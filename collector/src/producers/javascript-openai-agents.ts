import { ownTransfer } from './own-transfer.js';
import type { Producer } from './producer.js';

/** OpenAI's Agents SDK for JavaScript over Responses. */
export const JAVASCRIPT_OPENAI_AGENTS: readonly Producer[] = [
  {
    name: 'js-openai-agents-openinference',
    about:
      '@openai/agents 0.20.0, openai 7.2.0, ' +
      '@arizeai/openinference-instrumentation-openai-agents 0.2.15',
    app: { javascript: 'main.ts', package: 'openai-agents' },
    traits: {
      reasoning: true,
      usage: 'with-content',
      adapt: ownTransfer('{"assistant":"booking"}'),
    },
    skips: {},
  },
];
