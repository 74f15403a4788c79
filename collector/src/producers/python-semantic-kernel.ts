import type { Message } from '@colloquy/schema';
import type { Producer } from './producer.js';

/** The log records of a message with tool calls leave its text out. */
const withoutTextBesideCalls = (message: Message): Message =>
  message.parts.some(({ type }) => type === 'tool_call')
    ? { ...message, parts: message.parts.filter(({ type }) => type !== 'text') }
    : message;

/** Semantic Kernel for Python, which traces itself. */
export const PYTHON_SEMANTIC_KERNEL: readonly Producer[] = [
  {
    name: 'py-semantic-kernel',
    about: 'semantic-kernel 1.45.0, openai 3.54.0; one log record for each message',
    app: { python: 'semantic_kernel_agent.py', environment: 'semantic-kernel' },
    traits: { agentNames: true, adapt: withoutTextBesideCalls },
    skips: {
      'response-chain': 'the agent re-sends its thread; it names no response',
      'stream-tools':
        'the thread joins what was streamed before a tool call and after it into one answer',
      'hand-off': "an agent's instructions stand for its whole run",
      media: 'the connector sends no files',
    },
  },
];
