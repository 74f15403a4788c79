import { SCENARIOS } from '../scenarios/index.js';
import type { App, Producer } from './producer.js';

const agent = (provider: string, form: string, environment = 'pydantic-ai'): App => ({
  python: 'pydantic_agent.py',
  environment,
  args: [provider, form],
});

const traits = { reasoning: true, joinsQuestions: true, resultsTogether: true } as const;

/** Where the formats of one version differ: in calls, results, thoughts and media. */
const DISTINCT = [
  'travel',
  'parallel-tools',
  'text-and-tool',
  'tool-error',
  'reasoning',
  'sub-agent',
  'media',
  'no-capture',
] as const;

const others = (...recorded: readonly string[]): Producer['skips'] =>
  Object.fromEntries(
    SCENARIOS.map(({ name }) => name)
      .filter((name) => !recorded.includes(name))
      .map((name) => [name, 'nothing in it is told otherwise than in format 5']),
  );

const SECOND = 'pydantic-ai-slim 2.68.0';
const FIRST = 'pydantic-ai-slim 1.107.10';

/** Pydantic AI with its own instrumentation, in the versions of its format. */
export const PYTHON_PYDANTIC_AI: readonly Producer[] = [
  {
    name: 'py-pydantic-ai',
    about: `${SECOND}, openai 3.54.0, format 5`,
    app: agent('openai', '5'),
    traits,
    skips: {},
  },
  {
    name: 'py-pydantic-ai-anthropic',
    about: `${SECOND}, anthropic 2.12.0, format 5`,
    app: agent('anthropic', '5'),
    traits,
    skips: { 'response-chain': 'Anthropic Messages has no response chain' },
  },
  ...['2', '6'].map((form): Producer => ({
    name: `py-pydantic-ai-v${form}`,
    about: `${SECOND}, openai 3.54.0, format ${form}`,
    app: agent('openai', form),
    traits,
    skips: others(...DISTINCT),
  })),
  {
    name: 'py-pydantic-ai-1',
    about: `${FIRST}, openai 3.54.0, format 2, as it is unless told otherwise`,
    app: agent('openai', '2', 'pydantic-ai-1'),
    traits,
    skips: {},
  },
  {
    name: 'py-pydantic-ai-1-events',
    about: `${FIRST}, openai 3.54.0, format 1, events as one attribute`,
    app: agent('openai', '1-attributes', 'pydantic-ai-1'),
    traits: { reasoning: true },
    skips: {},
  },
  {
    name: 'py-pydantic-ai-1-logs',
    about: `${FIRST}, openai 3.54.0, format 1, events as log records`,
    app: agent('openai', '1-logs', 'pydantic-ai-1'),
    traits: { reasoning: true },
    skips: {},
  },
];
