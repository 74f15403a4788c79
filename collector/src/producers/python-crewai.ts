import type { Message, Part } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';
import type { App, Producer } from './producer.js';

const agent = (tracer: string): App => ({
  python: 'crewai_agent.py',
  environment: 'crewai',
  args: [tracer],
});

const packages = 'crewai 1.15.30, openai 2.54.0';

/** The instructions and the question as CrewAI words them; it has one wording for agents with tools. */
const inPrompts = (message: Message, { tools, steps }: Scenario): Message => {
  const [part] = message.parts;
  const isHistory = steps.some(({ compact }) => compact !== undefined && isText(part, compact));
  if (part?.type !== 'text' || isHistory) return message;
  const frame = FRAMES[message.role]?.(part.content, tools.length > 0);
  return frame === undefined ? message : { ...message, parts: [{ type: 'text', content: frame }] };
};

const isText = (part: Part | undefined, content: string): boolean =>
  part?.type === 'text' && part.content === content;

const FRAMES: Readonly<Record<string, (words: string, hasTools: boolean) => string>> = {
  system: (words) => `You are Assistant. ${words}\nYour personal goal is: help the user`,
  user: (words, hasTools) =>
    `\nCurrent Task: ${words}${hasTools ? '' : '\n\nProvide your complete response:'}`,
};

const skips = {
  'response-chain': 'the agent re-sends its messages; it names no response',
  'abandoned-stream': 'an agent answers whole, whether its model streams or not',
  'hand-off': "an agent's instructions stand for its whole run",
  megabyte: 'the agent summarises what does not fit its model, which takes more calls',
  structured: 'the agent asks a second time to put its answer into a schema',
  media: 'the agent uploads or describes files by a package of its own',
} as const;

/** CrewAI's agents for Python. */
export const PYTHON_CREWAI: readonly Producer[] = [
  {
    name: 'py-crewai-openinference',
    about: `${packages}, openinference-instrumentation-crewai 1.1.21, openinference-instrumentation-openai 0.1.66`,
    app: agent('openinference-openai'),
    traits: { adapt: inPrompts },
    skips,
  },
  {
    name: 'py-crewai-traceloop',
    about: `${packages}, opentelemetry-instrumentation-crewai 0.62.4, opentelemetry-instrumentation-openai 0.62.4`,
    app: agent('traceloop-openai'),
    traits: { adapt: inPrompts },
    skips,
  },
];
