import type OpenAI from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { wrapOpenAI } from './index.js';
import { MAJORS } from './testing/majors.js';
import { readOut, recorded } from './testing/recorded.js';

const { baseURL, only, json } = recorded();
const model = 'gpt-4o';

describe.each(MAJORS)('responses of version %s', (_major, Client) => {
  let client: OpenAI;
  beforeAll(() => {
    client = wrapOpenAI(new Client({ baseURL: baseURL(), apiKey: 'k', maxRetries: 0 }));
  });

  test.each([false, true])('are told whole; streamed: %s', async (stream) => {
    await readOut(
      await client.responses.create({
        model,
        input: 'Hello?',
        instructions: 'Be kind.',
        reasoning: { effort: 'low' },
        previous_response_id: 'resp_0',
        stream,
      }),
    );
    expect(only().attributes).toMatchObject({
      'openai.api.type': 'responses',
      'gen_ai.request.reasoning.level': 'low',
      'gen_ai.request.previous_response.id': 'resp_0',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.cache_read.input_tokens': 2,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
    });
    expect(json('gen_ai.system_instructions')).toEqual([{ type: 'text', content: 'Be kind.' }]);
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
  });

  test.each([false, true])('tell calls of tools; streamed: %s', async (stream) => {
    await readOut(await client.responses.create({ model, input: 'Weather?', stream }));
    expect(json('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } }],
        finish_reason: 'tool_calls',
      },
    ]);
  });

  test('tell the results of tools by the ids of their calls', async () => {
    const call = { call_id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' };
    await client.responses.create({
      model,
      input: [
        { role: 'user', content: 'Weather?' },
        { type: 'function_call', ...call },
        { type: 'function_call_output', call_id: 'c1', output: '21 degrees' },
      ],
    });
    expect(json('gen_ai.input.messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1' }] },
      {
        role: 'tool',
        parts: [{ type: 'tool_call_response', id: 'c1', response: '21 degrees' }],
      },
    ]);
  });

  test('that are broken off are told as far as they came', async () => {
    const stream = await client.responses.create({ model, input: 'Hello?', stream: true });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(String(only().attributes['gen_ai.output.messages'])).toContain('"content":"H');
  });

  test('of helpers are told once, and tied to a message', async () => {
    const stream = client.responses.stream({ model, input: 'Hello?' }).setParent('m1');
    await stream.finalResponse();
    expect(only().attributes['colloquy.parent.message_id']).toBe('m1');
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });
});
