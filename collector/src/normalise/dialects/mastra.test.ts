import type { UnixNano } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const text = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });

// From the reference, not recorded: @mastra/otel-exporter 1.0 and later.
describe('a model call', () => {
  const call = {
    'mastra.span.type': 'model_inference',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.conversation.id': 'thread-1',
    'mastra.metadata.resourceId': 'ann',
    'mastra.tags': '["beta"]',
  };

  test('is told with its thread, its user and its tags', () => {
    const genAi = meaningOf({
      ...call,
      'gen_ai.output.messages': JSON.stringify([text('assistant', 'Hello!')]),
    });
    expect(genAi).toMatchObject({
      kind: 'llm',
      userId: 'ann',
      tags: ['beta'],
      outputMessages: [text('assistant', 'Hello!')],
    });
    expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
  });

  test.each([
    ['words in quotes', '"sunny"', 'sunny'],
    ['an object', '{"celsius":21}', { celsius: 21 }],
  ])('has tool results that are JSON text: %s', (_, told, response) => {
    const { inputMessages } = meaningOf({
      ...call,
      'gen_ai.input.messages': JSON.stringify([
        text('user', 'Weather?'),
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: '{"city":"Bern"}' }],
        },
        {
          role: 'tool',
          parts: [{ type: 'tool_call_response', id: 'c1', name: 'weather', response: told }],
        },
      ]),
    });
    expect(inputMessages.slice(1)).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response }] },
    ]);
  });

  test('keeps messages that the exporter did not know how to convert', () => {
    const { inputMessages } = meaningOf({
      ...call,
      'gen_ai.input.messages': JSON.stringify([
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'Hello!' },
          ],
        },
      ]),
    });
    expect(inputMessages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'text', content: 'Hello!' },
        ],
      },
    ]);
  });

  test('is timed to its first token', () => {
    const moment = '2026-11-22T10:00:01.500Z';
    const startTimeUnixNano = (BigInt(Date.parse(moment) - 250) * 1_000_000n) as UnixNano;
    const genAi = meaningOf(
      { ...call, 'mastra.completion_start_time': moment },
      { startTimeUnixNano },
    );
    expect(genAi.timeToFirstChunk).toBe(0.25);
  });
});

test.each([
  ['the loop around model calls', 'model_generation', 'model_generation', 'chain'],
  ['the model call of older pairs', 'model_generation', 'chat', 'llm'],
  ['an agent', 'agent_run', 'invoke_agent', 'agent'],
  ['a tool', 'mcp_tool_call', 'execute_tool', 'tool'],
])('%s is known by its type and operation', (_, type, operation, kind) => {
  expect(meaningOf({ 'mastra.span.type': type, 'gen_ai.operation.name': operation }).kind).toBe(
    kind,
  );
});

// From a recording of @mastra/core 1.71, whose model_inference spans tell no input.
test('a step tells the calls that came out, and of what went in a digest that is not read', () => {
  const toolCalls = [{ toolCallId: 'c1', toolName: 'weather', args: { city: 'Bern' } }];
  const { inputMessages, outputMessages } = meaningOf({
    'mastra.span.type': 'model_step',
    'mastra.model_step.input': JSON.stringify([
      { role: 'tool', content: '[tool-result: weather]' },
    ]),
    'mastra.model_step.output': JSON.stringify({ text: '', toolCalls }),
  });
  expect(inputMessages).toEqual([]);
  expect(outputMessages[0]?.parts).toEqual([
    { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } },
  ]);
});

test('instructions of an agent are plain text', () => {
  const { systemMessages, inputMessages } = meaningOf({
    'mastra.span.type': 'agent_run',
    'gen_ai.system_instructions': 'Be brief.',
    'mastra.agent_run.input': JSON.stringify([{ role: 'user', content: 'Hi' }]),
  });
  expect(systemMessages).toEqual([text('system', 'Be brief.')]);
  expect(inputMessages).toEqual([text('user', 'Hi')]);
});

// From the reference, not recorded: @mastra/otel-exporter 0.3.
describe('before 1.0', () => {
  const call = {
    'mastra.span.type': 'model_generation',
    'gen_ai.operation.name': 'tool_selection',
    'gen_ai.prompt': JSON.stringify({ messages: [{ role: 'user', content: 'Weather?' }] }),
    threadId: 'thread-1',
    resourceId: 'ann',
  };

  test('an answer has its tool calls beside its text', () => {
    const toolCalls = [{ toolCallId: 'c1', toolName: 'weather', args: { city: 'Bern' } }];
    const genAi = meaningOf({
      ...call,
      'gen_ai.completion': JSON.stringify({ text: '', toolCalls }),
    });
    expect(genAi).toMatchObject({
      kind: 'llm',
      userId: 'ann',
      inputMessages: [text('user', 'Weather?')],
      outputMessages: [
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
        },
      ],
    });
  });

  test('metadata has no prefix', () => {
    const { threadCandidates } = meaningOf(call);
    expect(threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
  });
});
