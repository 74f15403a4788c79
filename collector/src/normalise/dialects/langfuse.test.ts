import type { UnixNano } from '@colloquy/schema';
import { describe, expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const OUTPUT = 'langfuse.observation.output';
const USAGE = 'langfuse.observation.usage_details';

const outputOf = (output: string) =>
  meaningOf({ 'langfuse.observation.type': 'generation', [OUTPUT]: output }).outputMessages;

describe('an output', () => {
  test.each([
    ['the text of a stream', 'Hello!', 'Hello!'],
    ['a stream of structured output', '{"city":"Bern","text":"hi"}', '{"city":"Bern","text":"hi"}'],
    ['quoted words', '"yes"', '"yes"'],
    ['a message', '{"role":"assistant","content":"Hello!"}', 'Hello!'],
  ])('is %s', (_, output, content) => {
    expect(outputOf(output)).toEqual([{ role: 'assistant', parts: [{ type: 'text', content }] }]);
  });

  test('is an item of the Responses API', () => {
    const item = {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hi' }],
    };
    expect(outputOf(JSON.stringify([item]))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hi' }] },
    ]);
  });
});

test('uploaded bytes are a file by their id', () => {
  const url = '@@@langfuseMedia:type=image/png|id=abc-1|source=base64_data_uri@@@';
  const input = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
  const { inputMessages } = meaningOf({ 'langfuse.observation.input': JSON.stringify(input) });
  expect(inputMessages[0]?.parts).toEqual([
    { type: 'file', modality: 'image', mime_type: 'image/png', file_id: 'abc-1' },
  ]);
});

describe('usage', () => {
  test.each([
    ["OpenAI's names", { prompt_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } }],
    ["Langfuse's, which are disjoint", { input: 5, input_cached_tokens: 4 }],
    ["LangChain's, through Langfuse", { input: 5, input_cache_read: 4 }],
  ])('is read by %s', (_, usage) => {
    const { inputTokens, cacheReadInputTokens } = meaningOf({ [USAGE]: JSON.stringify(usage) });
    expect({ inputTokens, cacheReadInputTokens }).toEqual({
      inputTokens: 9,
      cacheReadInputTokens: 4,
    });
  });
});

test('usage is read up to where it was cut', () => {
  const { inputTokens, outputTokens } = meaningOf({
    [USAGE]: '{"prompt_tokens": 62, "completion_tokens": 12',
  });
  expect({ inputTokens, outputTokens }).toEqual({ inputTokens: 62, outputTokens: undefined });
});

test('the first token is timed from the start, the moment quoted twice', () => {
  const moment = '2026-11-22T10:00:01.500Z';
  const start = BigInt(Date.parse(moment) - 500) * 1_000_000n;
  const key = 'langfuse.observation.completion_start_time';
  const genAi = meaningOf(
    { [key]: JSON.stringify(JSON.stringify(moment)) },
    { startTimeUnixNano: start as UnixNano },
  );
  expect(genAi.timeToFirstChunk).toBe(0.5);
});

test('results of LangChain.js have the name of their tool for a role', () => {
  const call = (id: string, name: string) => ({
    id,
    type: 'function',
    function: { name, arguments: '{}' },
  });
  const { inputMessages } = meaningOf({
    'langfuse.observation.type': 'generation',
    'langfuse.observation.input': JSON.stringify([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [call('c1', 'Weather'), call('c2', 'Weather')],
      },
      { role: 'Weather', content: 'sunny', additional_kwargs: {} },
      { role: 'Weather', content: 'rainy', additional_kwargs: {} },
      { role: 'Weather', content: 'who asked?', additional_kwargs: {} },
    ]),
  });
  expect(inputMessages.slice(2)).toEqual([
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'sunny' }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c2', response: 'rainy' }] },
    { role: 'weather', parts: [{ type: 'text', content: 'who asked?' }] },
  ]);
});
