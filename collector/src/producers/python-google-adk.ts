import type { Message, Part } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';
import type { App, Producer } from './producer.js';

const agent = (form: string): App => ({
  python: 'google_adk_agent.py',
  environment: 'google-adk',
  args: [form],
});

const PACKAGES = 'google-adk 2.13.0, google-genai 2.34.0';

/**
 * As the model is told: ADK says whose part it plays and whom it may transfer to, and Gemini takes
 * objects as results alone.
 */
const retell = ({ role }: Message, part: Part, { system, tools }: Scenario): Part => {
  if (role === 'system' && part.type === 'text') {
    const transfers = tools.some(({ handOff }) => handOff !== undefined);
    const isFirst = transfers && part.content === system;
    return { ...part, content: withIdentity(part.content) + (isFirst ? TRANSFERS : '') };
  }
  return part.type === 'tool_call_response'
    ? { ...part, response: { result: part.response } }
    : part;
};

/** In format 2 thoughts are texts like others, and the bytes of media are left out. */
const adapt = (message: Message, scenario: Scenario): Message => ({
  ...message,
  parts: message.parts.map((part) => {
    if (part.type === 'reasoning') return { type: 'text', content: part.content };
    return part.type === 'blob'
      ? { ...part, content: '<not serializable>' }
      : retell(message, part, scenario);
  }),
});

/** In format 1 media are left out. */
const adaptLegacy = (message: Message, scenario: Scenario): Message => ({
  ...message,
  parts: message.parts
    .filter(({ type }) => type !== 'blob')
    .map((part) => retell(message, part, scenario)),
});

const withIdentity = (words: string): string => {
  const name =
    /historian|booking/.exec(words)?.[0] ?? (/^(?:Give|Classify)/.test(words) ? 'side' : 'colette');
  return `${words}\n\nYou are an agent. Your internal name is "${name}".`;
};

const TRANSFERS = `


You have a list of other agents to transfer to:


Agent name: booking
Agent description:${' '}


If you are the best to answer the question according to your description,
you can answer it.

If another agent is better for answering the question according to its
description, call \`transfer_to_agent\` function to transfer the question to that
agent. When transferring, do not generate any text other than the function
call.

**NOTE**: the only available agents for \`transfer_to_agent\` function are
\`booking\`.
`;

/**
 * On log records media are whole. The result of a hand-off is told to the next agent alone, by the
 * name of its tool: the tool's own span keeps it to itself.
 */
const adaptEvents = (message: Message, scenario: Scenario): Message => {
  const handOff = scenario.tools.find((tool) => tool.handOff !== undefined);
  return {
    ...message,
    parts: message.parts.map((part) => {
      if (part.type === 'blob') return part;
      const [told = part] = adapt({ ...message, parts: [part] }, scenario).parts;
      if (handOff === undefined || told.type !== 'tool_call_response') return told;
      return { type: told.type, name: handOff.name, response: told.response };
    }),
  };
};

const traits = { reasoning: true, resultsTogether: true, usage: 'with-thoughts' } as const;

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
  },
  {
    name: 'py-google-adk-events',
    about: `${PACKAGES}, format 2, content on log records`,
    app: agent('2-EVENT_ONLY'),
    traits: { ...traits, adapt: adaptEvents },
    skips,
  },
  {
    name: 'py-google-adk-legacy',
    about: `${PACKAGES}, format 1`,
    app: agent('1'),
    traits: { ...traits, adapt: adaptLegacy },
    skips,
  },
];
