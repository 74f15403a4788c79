import type { Message, Part } from '@colloquy/schema';
import type { App, Producer } from './producer.js';

const agent = (form: string): App => ({
  python: 'google_adk_agent.py',
  environment: 'google-adk',
  args: [form],
});

const PACKAGES = 'google-adk 2.13.0, google-genai 2.34.0';

/** As the model is told: ADK says whose part it plays, and Gemini takes objects as results alone. */
const retell = ({ role }: Message, part: Part): Part => {
  if (role === 'system' && part.type === 'text')
    return { ...part, content: withIdentity(part.content) };
  return part.type === 'tool_call_response'
    ? { ...part, response: { result: part.response } }
    : part;
};

/** In format 2 thoughts are texts like others, and the bytes of media are left out. */
const adapt = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) => {
    if (part.type === 'reasoning') return { type: 'text', content: part.content };
    return part.type === 'blob'
      ? { ...part, content: '<not serializable>' }
      : retell(message, part);
  }),
});

/** In format 1 media are left out. */
const adaptLegacy = (message: Message): Message => ({
  ...message,
  parts: message.parts.filter(({ type }) => type !== 'blob').map((part) => retell(message, part)),
});

const withIdentity = (words: string): string => {
  const name =
    /historian|booking/.exec(words)?.[0] ?? (/^(?:Give|Classify)/.test(words) ? 'side' : 'colette');
  return `${words}\n\nYou are an agent. Your internal name is "${name}".`;
};

/** On log records media are whole. */
const adaptEvents = (message: Message): Message => ({
  ...message,
  parts: message.parts.map((part) =>
    part.type === 'blob' ? part : (adapt({ ...message, parts: [part] }).parts[0] ?? part),
  ),
});

const traits = { reasoning: true, resultsTogether: true, usage: 'with-thoughts' } as const;

const misses = {
  'hand-off':
    'ADK adds whom it may transfer to; the next agent is told the result as Python prints it',
} as const;

const skips = {
  'abandoned-stream': 'ADK keeps no part of an answer that was left',
  'response-chain': 'Gemini has no response chain',
  windowed: 'the session service sends what it has',
  compacted: 'the session service sends what it has',
} as const;

/** Google's ADK with its own telemetry: the format since 2.x and the one before it. */
export const PYTHON_GOOGLE_ADK: readonly Producer[] = [
  {
    name: 'py-google-adk',
    about: `${PACKAGES}, format 2, content on spans`,
    app: agent('2-SPAN_ONLY'),
    traits: { ...traits, adapt },
    skips,
    misses,
  },
  {
    name: 'py-google-adk-events',
    about: `${PACKAGES}, format 2, content on log records`,
    app: agent('2-EVENT_ONLY'),
    traits: { ...traits, adapt: adaptEvents },
    skips,
    misses,
  },
  {
    name: 'py-google-adk-legacy',
    about: `${PACKAGES}, format 1`,
    app: agent('1'),
    traits: { ...traits, adapt: adaptLegacy },
    skips,
    misses,
  },
];
