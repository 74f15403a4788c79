import type { AttributeValue, LogRecord, Message } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { loadRecording } from '../../recordings/load-recording.js';
import { normaliseLog } from '../normalise.js';
import { meaningOf } from '../testing/meaning-of.js';

// Emitters that cannot be run here: built from their documentation, not recorded.

const text = (role: string, content: string): Message => ({
  role,
  parts: [{ type: 'text', content }],
});

describe('Spring AI', () => {
  test('names the thread on the chat client, the tool on its call', () => {
    const client = meaningOf({
      'spring.ai.kind': 'chat_client',
      'spring.ai.chat.client.conversation.id': 'chat-7',
    });
    expect(client).toMatchObject({ kind: 'agent', threadCandidates: [{ threadId: 'chat-7' }] });
    const tool = meaningOf({
      'spring.ai.kind': 'tool_call',
      'spring.ai.tool.definition.name': 'get_weather',
      'spring.ai.chat.client.conversation.id': 'none',
    });
    expect(tool).toMatchObject({ kind: 'tool', toolName: 'get_weather', threadCandidates: [] });
  });
});

describe('Dify', () => {
  const node = {
    'openinference.span.kind': 'LLM',
    'dify.span.type': 'llm',
    'session.id': 'conversation-1',
    'input.value': JSON.stringify([
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Hi' },
    ]),
    'output.value': 'Hello!',
    metadata: JSON.stringify({ model_name: 'gpt-4o', model_provider: 'openai', prompt_tokens: 7 }),
  };

  test('keeps model and tokens in its metadata', () => {
    expect(meaningOf(node)).toMatchObject({
      kind: 'llm',
      requestModel: 'gpt-4o',
      providerName: 'openai',
      inputTokens: 7,
      inputMessages: [text('system', 'Be brief.'), text('user', 'Hi')],
      outputMessages: [text('assistant', 'Hello!')],
    });
  });

  test('is the only one whose metadata is read so', () => {
    const { 'dify.span.type': _, ...other } = node;
    expect(meaningOf(other)).toMatchObject({ requestModel: undefined, inputTokens: undefined });
  });
});

test('Flowise names the thread on a root that ends at once', () => {
  const root = meaningOf({ 'session.id': 'chat-1', 'output.value': '[Object]' });
  expect(root).toMatchObject({ threadCandidates: [{ threadId: 'chat-1' }], outputMessages: [] });
});

test('VoltAgent tells messages of agents and models', () => {
  const call = meaningOf({
    'span.type': 'llm',
    'voltagent.conversation_id': 'chat-1',
    'llm.messages': JSON.stringify([{ role: 'user', content: 'Hi' }]),
    'usage.prompt_tokens': 3n,
  });
  expect(call).toMatchObject({
    kind: 'llm',
    inputTokens: 3,
    inputMessages: [text('user', 'Hi')],
    threadCandidates: [{ threadId: 'chat-1' }],
  });
});

test("Koog's id of a run is no thread", () => {
  const attributes = { 'gen_ai.conversation.id': 'run-1', 'koog.run.id': 'run-1' };
  expect(meaningOf(attributes).threadCandidates).toEqual([]);
});

describe('Bedrock AgentCore', () => {
  const [recorded] = loadRecording('openai-otel-chat').requests.flatMap(({ logs }) => logs);
  const said = (role: string, content: AttributeValue): AttributeValue =>
    new Map<string, AttributeValue>([
      ['role', role],
      ['content', content],
    ]);
  const side = (...messages: readonly AttributeValue[]): AttributeValue =>
    new Map([['messages', messages]]);

  test('tells in a log record what the span does not', () => {
    if (recorded === undefined) throw new Error('the recording is empty');
    const log: LogRecord = {
      ...recorded,
      scope: { ...recorded.scope, name: 'strands.telemetry.tracer' },
      eventName: 'strands.telemetry.tracer',
      attributes: new Map([['event.name', 'strands.telemetry.tracer']]),
      body: new Map([
        ['input', side(said('user', JSON.stringify([{ text: 'Hi' }])))],
        ['output', side(said('assistant', 'Hello!'))],
      ]),
    };
    expect(normaliseLog(log).genAi).toMatchObject({
      inputMessages: [text('user', 'Hi')],
      outputMessages: [text('assistant', 'Hello!')],
    });
  });
});
