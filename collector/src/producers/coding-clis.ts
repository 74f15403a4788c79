import type { Message } from '@colloquy/schema';
import { SCENARIOS } from '../scenarios/index.js';
import type { Producer } from './producer.js';

/** Plain questions and answers; these assistants have tools and instructions of their own. */
const PLAYED = new Set(['repeated', 'interleaved', 'languages', 'json-text', 'no-capture']);

const skips = Object.fromEntries(
  SCENARIOS.filter(({ name }) => !PLAYED.has(name)).map(({ name }) => [
    name,
    'the assistant has tools and instructions of its own and keeps its history itself',
  ]),
);

/** What people say alone: Codex tells nothing of its answers. */
const questions = (message: Message): Message | undefined =>
  message.role === 'user' ? message : undefined;

/** Command line assistants, their telemetry switched on. */
export const CODING_CLIS: readonly Producer[] = [
  {
    name: 'claude-code',
    about: '@anthropic-ai/claude-code 2.1.197, logs',
    app: { javascript: 'claude-code.ts', package: 'coding-clis', args: ['logs'] },
    traits: { noSystem: true },
    skips,
  },
  {
    name: 'claude-code-traces',
    about: '@anthropic-ai/claude-code 2.1.197, logs and traces (beta)',
    app: { javascript: 'claude-code.ts', package: 'coding-clis', args: ['traces'] },
    traits: { noSystem: true },
    skips,
  },
  {
    name: 'codex',
    about: '@openai/codex 0.169.0, logs',
    app: { javascript: 'codex.ts', package: 'coding-clis' },
    traits: { noSystem: true, adapt: questions },
    skips: { ...skips, 'no-capture': 'its log then names folders of the machine' },
  },
];
