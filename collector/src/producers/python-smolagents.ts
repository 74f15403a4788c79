import type { ScriptedReply } from '@colloquy/fake-provider';
import type { Json, Message, Part, ToolCallResponsePart } from '@colloquy/schema';
import type { Scenario, ScenarioTool } from '../scenarios/scenario.js';
import type { Producer } from './producer.js';

const FINAL_ANSWER: ScenarioTool = {
  name: 'final_answer',
  description: 'Provides a final answer to the given problem.',
  parameters: {
    type: 'object',
    properties: { answer: { type: 'string' } },
    required: ['answer'],
  },
};

/** An agent answers by a tool of its own, and by nothing else. */
const answering = (scenario: Scenario): Scenario => ({
  ...scenario,
  tools: [...scenario.tools, FINAL_ANSWER],
  steps: scenario.steps.map((step, index) => ({
    ...step,
    replies: step.replies.map((reply) => withCall(reply, `call_final_${index}`)),
  })),
});

function withCall(reply: ScriptedReply, id: string): ScriptedReply {
  const { text, ...rest } = reply;
  if (text === undefined || reply.toolCalls !== undefined) return reply;
  return { ...rest, toolCalls: [{ id, name: FINAL_ANSWER.name, arguments: { answer: text } }] };
}

const findAnswer = ({ steps }: Scenario, { id }: ToolCallResponsePart): Json | undefined =>
  steps
    .flatMap(({ replies }) => replies.flatMap(({ toolCalls = [] }) => toolCalls))
    .find((call) => call.id === id && call.name === FINAL_ANSWER.name)?.arguments['answer'];

/** The memory names no call, and what runs the last one names its tool. */
const withoutNames = (part: Part): Part =>
  part.type === 'tool_call_response' ? { type: part.type, response: part.response } : part;

const withResult = (message: Message, response: Json): Message => ({
  ...message,
  parts: [{ type: 'tool_call_response', response }],
});

/** Questions have a heading; the results of several calls are told together, without their ids. */
const asTold = (message: Message, scenario: Scenario): Message => {
  const [part] = message.parts;
  if (message.role === 'user' && part?.type === 'text')
    return { ...message, parts: [{ type: 'text', content: `New task:\n${part.content}` }] };
  if (part?.type !== 'tool_call_response') return message;
  if (message.parts.length === 1)
    return withResult(message, findAnswer(scenario, part) ?? part.response);
  const results = message.parts.flatMap((result) =>
    result.type === 'tool_call_response' && typeof result.response === 'string'
      ? [result.response]
      : [],
  );
  return withResult(message, results.join('\n'));
};

/** Hugging Face's smolagents. */
export const PYTHON_SMOLAGENTS: readonly Producer[] = [
  {
    name: 'py-smolagents-openinference',
    about: 'smolagents 1.26.0, openai 3.54.0, openinference-instrumentation-smolagents 0.1.43',
    app: { python: 'smolagents_agent.py', environment: 'smolagents', args: ['openinference'] },
    traits: { script: answering, resultsTogether: true, adapt: asTold, withoutDraws: withoutNames },
    skips: {
      'response-chain': 'the agent re-sends its memory; it names no response',
      'abandoned-stream': 'a run is awaited whole, whether its model streams or not',
      structured: 'an agent answers by calling a tool, which takes any text',
      media: 'the agent takes pictures that are decoded already, and no documents',
      'sub-agent': 'a tool that asks its model again is no agent here',
      'hand-off': "an agent's instructions stand for its whole run",
    },
  },
];
