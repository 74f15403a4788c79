import { describe, expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const model = { 'genkit:type': 'action', 'genkit:metadata:subtype': 'model' };
const text = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });

// From the reference, not recorded.
describe('a model call', () => {
  test('is its request, its answer and what both cost', () => {
    const genAi = meaningOf({
      ...model,
      'genkit:name': 'openai/gpt-4o-mini',
      'genkit:state': 'success',
      'genkit:sessionId': 'thread-1',
      'genkit:input': JSON.stringify({
        messages: [
          { role: 'system', content: [{ text: 'Be brief.' }] },
          { role: 'user', content: [{ text: 'Hi' }] },
        ],
        config: {},
      }),
      'genkit:output': JSON.stringify({
        message: { role: 'model', content: [{ text: 'Hello!' }] },
        finishReason: 'stop',
        usage: { inputTokens: 9, outputTokens: 3, thoughtsTokens: 1 },
      }),
    });
    expect(genAi).toMatchObject({
      kind: 'llm',
      requestModel: 'openai/gpt-4o-mini',
      toolName: undefined,
      finishReasons: ['stop'],
      inputTokens: 9,
      outputTokens: 3,
      reasoningOutputTokens: 1,
      errorType: undefined,
      inputMessages: [text('system', 'Be brief.'), text('user', 'Hi')],
      outputMessages: [text('assistant', 'Hello!')],
    });
    expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
  });

  test('has tool calls, their results, reasoning and media as pieces named by one field', () => {
    const { inputMessages } = meaningOf({
      ...model,
      'genkit:input': JSON.stringify({
        messages: [
          { role: 'user', content: [{ media: { url: 'data:image/png;base64,AAAA' } }] },
          {
            role: 'model',
            content: [
              { reasoning: 'hm' },
              { toolRequest: { ref: 'c1', name: 'weather', input: { city: 'Bern' } } },
            ],
          },
          {
            role: 'tool',
            content: [{ toolResponse: { ref: 'c1', name: 'weather', output: 'sunny' } }],
          },
        ],
      }),
    });
    expect(inputMessages.map(({ role, parts }) => ({ role, parts }))).toEqual([
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'hm' },
          { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Bern' } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
    ]);
  });

  test('keeps structured output as the JSON it was', () => {
    const { outputMessages } = meaningOf({
      ...model,
      'genkit:output': JSON.stringify({
        message: { role: 'model', content: [{ data: { city: 'Bern' } }] },
      }),
    });
    expect(outputMessages).toEqual([text('assistant', '{"city":"Bern"}')]);
  });

  test('says the words beside a tool call that stand in the raw response alone', () => {
    const { outputMessages, cacheReadInputTokens } = meaningOf({
      ...model,
      'genkit:output': JSON.stringify({
        message: { role: 'model', content: [{ toolRequest: { ref: 'c1', name: 'clock' } }] },
        raw: {
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: 'One moment.',
                tool_calls: [{ id: 'c1', function: { name: 'clock', arguments: '{}' } }],
              },
            },
          ],
          usage: { prompt_tokens_details: { cached_tokens: 7 } },
        },
      }),
    });
    expect(outputMessages).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'One moment.' },
          { type: 'tool_call', id: 'c1', name: 'clock' },
        ],
      },
    ]);
    expect(cacheReadInputTokens).toBe(7);
  });

  test('of older versions answers by candidates', () => {
    const { outputMessages } = meaningOf({
      ...model,
      'genkit:output': JSON.stringify({
        candidates: [{ index: 0, message: { role: 'model', content: [{ text: 'Hello!' }] } }],
      }),
    });
    expect(outputMessages).toEqual([text('assistant', 'Hello!')]);
  });
});

test('what wraps a model call repeats no usage', () => {
  const genAi = meaningOf({
    'genkit:type': 'util',
    'genkit:name': 'generate',
    'genkit:output': JSON.stringify({
      message: { role: 'model', content: [{ text: 'Hello!' }] },
      usage: { inputTokens: 9 },
    }),
  });
  expect(genAi).toMatchObject({
    kind: 'chain',
    requestModel: undefined,
    inputTokens: undefined,
    outputMessages: [text('assistant', 'Hello!')],
  });
});

test('a flow is given plain text and has its thread in its context', () => {
  const genAi = meaningOf({
    'genkit:type': 'action',
    'genkit:metadata:subtype': 'flow',
    'genkit:name': 'chat',
    'genkit:input': '"Hi"',
    'genkit:state': 'error',
    'genkit:metadata:context': '{"sessionId":"thread-1","userId":"ann"}',
  });
  expect(genAi).toMatchObject({
    kind: 'chain',
    userId: 'ann',
    errorType: 'error',
    inputMessages: [text('user', 'Hi')],
  });
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});
