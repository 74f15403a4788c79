import type { ScriptedReply, ScriptedToolCall } from '@colloquy/fake-provider';
import type { Json, Message, Part } from '@colloquy/schema';
import type { Scenario, ScenarioTurn } from './scenario.js';

/** Where emitters differ in what they are told, not in how they tell it. */
export interface EmitterTraits {
  /** The API tells the model's reasoning. */
  readonly reasoning: boolean;
  /** How the app hands the tool's result to the SDK. */
  readonly toolResult: 'json-text' | 'object';
  /** Tool calls and results are told with their ids. */
  readonly callIds: boolean;
}

/** The conversation as a reader should see it, each message once. Pure. */
export const expectedConversation = (scenario: Scenario, traits: EmitterTraits): Message[] => [
  { role: 'system', parts: [{ type: 'text', content: scenario.system }] },
  ...scenario.turns.flatMap((turn) => expectedTurn(turn, toolResponse(scenario, traits), traits)),
];

const toolResponse = ({ tool }: Scenario, { toolResult }: EmitterTraits): Json =>
  toolResult === 'object' ? tool.result : JSON.stringify(tool.result);

function expectedTurn(turn: ScenarioTurn, response: Json, traits: EmitterTraits): Message[] {
  const messages: Message[] = [{ role: 'user', parts: [{ type: 'text', content: turn.user }] }];
  for (const reply of turn.replies) {
    messages.push({ role: 'assistant', parts: replyParts(reply, traits) });
    for (const call of reply.toolCalls ?? []) {
      const part = { type: 'tool_call_response', ...callId(call, traits), response } as const;
      messages.push({ role: 'tool', parts: [part] });
    }
  }
  return messages;
}

function replyParts({ reasoning, text, toolCalls = [] }: ScriptedReply, traits: EmitterTraits) {
  const parts: Part[] = [];
  if (reasoning !== undefined && traits.reasoning) {
    parts.push({ type: 'reasoning', content: reasoning });
  }
  if (text !== undefined) parts.push({ type: 'text', content: text });
  for (const call of toolCalls) {
    const { name, arguments: input } = call;
    parts.push({ type: 'tool_call', ...callId(call, traits), name, arguments: input });
  }
  return parts;
}

const callId = ({ id }: ScriptedToolCall, { callIds }: EmitterTraits) => (callIds ? { id } : {});
