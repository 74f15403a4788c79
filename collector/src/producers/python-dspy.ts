import type { ScriptedReply } from '@colloquy/fake-provider';
import type { Message } from '@colloquy/schema';
import type { Scenario } from '../scenarios/scenario.js';
import type { Producer } from './producer.js';

/** Predict asks once, and its model answers field by field. */
const inFields = (scenario: Scenario): Scenario => ({
  ...scenario,
  tools: [],
  steps: scenario.steps.map((step) => ({
    ...step,
    replies: step.replies.filter(({ toolCalls }) => toolCalls === undefined).map(inField),
    ...(step.sideCalls !== undefined && {
      sideCalls: step.sideCalls.map((side) => ({ ...side, reply: inField(side.reply) })),
    }),
  })),
});

const inField = (reply: ScriptedReply): ScriptedReply =>
  reply.text === undefined ? reply : { ...reply, text: answer(reply.text) };

const answer = (words: string): string => `[[ ## answer ## ]]\n${words}\n\n[[ ## completed ## ]]`;

const FIELDS = `Your input fields are:
1. \`question\` (str):\x20
2. \`history\` (History):
Your output fields are:
1. \`answer\` (str):
All interactions will be structured in the following way, with the appropriate values filled in.

[[ ## question ## ]]
{question}

[[ ## history ## ]]
{history}

[[ ## answer ## ]]
{answer}

[[ ## completed ## ]]
In adhering to this structure, your objective is:\x20`;

const REMINDER =
  'Respond with the corresponding output fields, starting with the field `[[ ## answer ## ]]`, and then ending with the marker for `[[ ## completed ## ]]`.';

const FRAMES: Readonly<Record<string, (words: string) => string>> = {
  system: (words) => [FIELDS, ...words.split('\n')].join('\n        '),
  user: (words) => `[[ ## question ## ]]\n${words}\n\n${REMINDER}`,
};

/** The prompts that the signature makes of instructions and questions. */
const inPrompts = (message: Message): Message => {
  const [part] = message.parts;
  const frame = FRAMES[message.role];
  return frame === undefined || part?.type !== 'text'
    ? message
    : { ...message, parts: [{ type: 'text', content: frame(part.content) }] };
};

const NO_TOOLS = 'Predict calls no tools';

/** DSPy's Predict with a history. */
export const PYTHON_DSPY: readonly Producer[] = [
  {
    name: 'py-dspy-openinference',
    about: 'dspy 3.4.1, openinference-instrumentation-dspy 0.1.48',
    app: { python: 'dspy_predict.py', environment: 'dspy', args: ['openinference'] },
    traits: { usage: 'none', script: inFields, adapt: inPrompts },
    skips: {
      'response-chain': 'Predict re-sends its history; it names no response',
      compacted: 'a turn of its history is a question with its answer',
      'parallel-tools': NO_TOOLS,
      'text-and-tool': NO_TOOLS,
      'tool-error': NO_TOOLS,
      'stream-tools': NO_TOOLS,
      'sub-agent': NO_TOOLS,
      'hand-off': NO_TOOLS,
      'abandoned-stream': 'Predict answers whole',
      structured: 'a signature says of itself what an answer is made of',
      media: 'a picture is a field of a signature of its own',
    },
  },
];
