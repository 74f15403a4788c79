import { UNNAMED } from './filtered-spans.js';
import type { Producer } from './producer.js';

/** Vercel's AI SDK with its own telemetry, a major a row. */
export const AI_SDK: readonly Producer[] = [
  {
    name: 'ai-v4',
    about: 'ai 4.3.19, @ai-sdk/openai 1.3.24, Chat Completions',
    app: { javascript: 'main.ts', package: 'ai-4' },
    traits: { toolResult: 'object', resultsTogether: true },
    skips: {
      'response-chain': 'Chat Completions has no response chain',
      'hand-off': 'instructions stand as they are until all tools have been called',
    },
  },
  {
    name: 'ai-v5',
    about: 'ai 5.0.277, @ai-sdk/openai 2.0.130, Chat Completions',
    app: { emitter: 'ai-v5' },
    traits: { toolResult: 'object', resultsTogether: true },
    skips: { 'response-chain': 'Chat Completions has no response chain' },
  },
  {
    name: 'ai-v6',
    about: 'ai 6.0.324, @ai-sdk/openai 3.0.141, Responses',
    app: { emitter: 'ai-v6' },
    traits: { toolResult: 'object', resultsTogether: true, reasoning: true },
    skips: {},
  },
  {
    name: 'ai-v6-langfuse',
    about: 'ai 6.0.324, @ai-sdk/openai 3.0.141, @langfuse/otel 5.11.1, Responses',
    app: { javascript: 'ai-sdk.ts', package: 'langfuse' },
    traits: { toolResult: 'object', resultsTogether: true, reasoning: true },
    skips: UNNAMED,
  },
  {
    name: 'ai-v7',
    about: 'ai 7.0.173, @ai-sdk/openai 4.0.118, @ai-sdk/otel 1.0.173, Responses',
    app: { emitter: 'ai-v7' },
    traits: { toolResult: 'object', resultsTogether: true, reasoning: true },
    skips: {},
  },
  {
    name: 'ai-v5-colloquy',
    about:
      'ai 5.0.277, @ai-sdk/openai 2.0.130, @colloquy/instrumentation-ai-sdk 0.1.0 as middleware, Chat Completions',
    app: { emitter: 'ai-v5-colloquy' },
    traits: { toolResult: 'object', resultsTogether: true },
    skips: { 'response-chain': 'Chat Completions has no response chain' },
  },
  {
    name: 'ai-v6-colloquy',
    about:
      'ai 6.0.324, @ai-sdk/openai 3.0.141, @colloquy/instrumentation-ai-sdk 0.1.0 as class, Responses',
    app: { emitter: 'ai-v6-colloquy' },
    traits: { toolResult: 'object', resultsTogether: true, reasoning: true },
    skips: {},
  },
  {
    name: 'ai-v7-colloquy',
    about:
      'ai 7.0.173, @ai-sdk/openai 4.0.118, @colloquy/instrumentation-ai-sdk 0.1.0 as class, Responses',
    app: { emitter: 'ai-v7-colloquy' },
    traits: { toolResult: 'object', resultsTogether: true, reasoning: true },
    skips: {},
  },
];
