import type { RunEmitter } from './emitter.js';
import type { EmitterTraits } from './expected.js';

/** All emitters, in the order in which they are recorded. */
export const EMITTER_NAMES = [
  'openai-otel-chat',
  'openai-otel-responses',
  'openai-openinference',
  'openai-traceloop',
  'openai-traceloop-legacy',
  'ai-v5',
  'ai-v6',
  'ai-v7',
] as const;

/** The name of an emitter. */
export type EmitterName = (typeof EMITTER_NAMES)[number];

/** An emitter app: what it is told, and the module to load in a process of its own. */
export interface Emitter {
  readonly traits: EmitterTraits;
  readonly load: () => Promise<{ readonly run: RunEmitter }>;
}

const CHAT: EmitterTraits = { reasoning: false, toolResult: 'json-text', callIds: true };
const RESPONSES: EmitterTraits = { ...CHAT, reasoning: true };

/** Each emitter patches its SDK globally, so one process runs one of them. */
export const EMITTERS = {
  'openai-otel-chat': { traits: CHAT, load: () => import('./openai-otel-chat.js') },
  'openai-otel-responses': { traits: RESPONSES, load: () => import('./openai-otel-responses.js') },
  'openai-openinference': { traits: CHAT, load: () => import('./openai-openinference.js') },
  'openai-traceloop': { traits: CHAT, load: () => import('./openai-traceloop.js') },
  'openai-traceloop-legacy': {
    traits: { ...CHAT, callIds: false },
    load: () => import('./openai-traceloop-legacy.js'),
  },
  'ai-v5': { traits: { ...CHAT, toolResult: 'object' }, load: () => import('./ai-v5.js') },
  'ai-v6': { traits: { ...RESPONSES, toolResult: 'object' }, load: () => import('./ai-v6.js') },
  'ai-v7': { traits: { ...RESPONSES, toolResult: 'object' }, load: () => import('./ai-v7.js') },
} as const satisfies Record<EmitterName, Emitter>;
