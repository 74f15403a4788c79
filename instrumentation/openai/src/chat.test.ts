import { setTimeout as wait } from 'node:timers/promises';
import { configure, openThread } from '@colloquy/threads';
import type OpenAI from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { wrapOpenAI } from './index.js';
import { MAJORS } from './testing/majors.js';
import { recorded } from './testing/recorded.js';

const { baseURL, spans, only, json } = recorded();
const hello = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello?' }] };

describe.each(MAJORS)('chat completions of version %s', (major, Client) => {
  let client: OpenAI;
  beforeAll(() => {
    client = wrapOpenAI(new Client({ baseURL: baseURL(), apiKey: 'k', maxRetries: 0 }));
  });

  test('are told whole', async () => {
    const answer = await client.chat.completions.create(hello);
    expect(answer.choices[0]?.message.content).toBe('Hello!');
    expect(only().name).toBe('chat gpt-4o');
    expect(only().attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.id': answer.id,
      'gen_ai.response.finish_reasons': ['stop'],
      'server.address': '127.0.0.1',
    });
    expect(json('gen_ai.input.messages')).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hello?' }] },
    ]);
    expect(json('gen_ai.output.messages')).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: 'Hello!' }],
        finish_reason: 'stop',
      },
    ]);
  });

  test('keep their content to themselves unless it is captured', async () => {
    configure({ captureContent: false });
    await client.chat.completions.create(hello);
    expect(JSON.stringify(only().attributes)).not.toContain('Hello');
  });

  test('are told whole when they are streamed, with the time to the first piece', async () => {
    const stream = await client.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([
      { parts: [{ type: 'text', content: 'Hello!' }], finish_reason: 'stop' },
    ]);
    expect(only().attributes).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.usage.output_tokens': expect.any(Number) as number,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
    });
  });

  test('of tools are told with their arguments', async () => {
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Weather?' }],
      tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }],
      stream: true,
    });
    for await (const chunk of stream) expect(chunk).toBeDefined();
    expect(json('gen_ai.output.messages')).toMatchObject([
      {
        parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } }],
        finish_reason: 'tool_calls',
      },
    ]);
  });

  test('that are broken off are told as far as they came', async () => {
    const stream = await client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
    expect(String(only().attributes['gen_ai.output.messages'])).toContain('"content":"H');
  });

  test('that are aborted count as cancelled', async () => {
    const stream = await client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream)
      if ((chunk.choices[0]?.delta.content ?? '') !== '') stream.controller.abort();
    expect(only().attributes['gen_ai.response.finish_reasons']).toEqual(['cancelled']);
  });

  test('that are split are told once', async () => {
    const [left, right] = (await client.chat.completions.create({ ...hello, stream: true })).tee();
    for await (const chunk of left) expect(chunk).toBeDefined();
    for await (const chunk of right) expect(chunk).toBeDefined();
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('give the error of the SDK', async () => {
    const gone = new Client({ baseURL: `${baseURL()}/nowhere`, apiKey: 'k', maxRetries: 0 });
    await expect(wrapOpenAI(gone).chat.completions.create(hello)).rejects.toThrow(
      Client.NotFoundError,
    );
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('leave a raw response unread', async () => {
    const response = await client.chat.completions.create(hello).asResponse();
    expect(response.bodyUsed).toBe(false);
    await expect(response.json()).resolves.toMatchObject({ object: 'chat.completion' });
    await wait(0);
    expect(only().attributes).not.toHaveProperty('gen_ai.output.messages');
  });

  test('give the response beside the answer', async () => {
    const { data, response } = await client.chat.completions.create(hello).withResponse();
    expect([data.choices[0]?.message.content, response.status]).toEqual(['Hello!', 200]);
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('are tied to a message', async () => {
    const thread = openThread();
    const id = thread.trackMessage({ role: 'user', content: 'Hello?' });
    await client.chat.completions.create(hello).setParent(id);
    expect(spans().at(-1)?.attributes).toMatchObject({
      'colloquy.parent.message_id': id,
      'gen_ai.conversation.id': thread.id,
    });
  });

  test('that were told once are not told twice', async () => {
    await wrapOpenAI(wrapOpenAI(client)).chat.completions.create(hello);
    expect(spans()).toHaveLength(1);
  });

  /** Helpers of version 4 are in its beta. */
  const helpers = ({ beta, chat }: OpenAI = client): OpenAI['chat']['completions'] =>
    (major === '4' ? (beta as unknown as Pick<OpenAI, 'chat'>).chat : chat).completions;

  test('of helpers are told once', async () => {
    await expect(helpers().stream(hello).finalContent()).resolves.toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('of helpers that parse are told once', async () => {
    const answer = await helpers().parse(hello);
    expect(answer.choices[0]?.message.content).toBe('Hello!');
    expect(json('gen_ai.output.messages')).toMatchObject([{ parts: [{ content: 'Hello!' }] }]);
  });

  test('of helpers that fail are told as failed', async () => {
    const gone = new Client({ baseURL: `${baseURL()}/nowhere`, apiKey: 'k', maxRetries: 0 });
    await expect(helpers(wrapOpenAI(gone)).parse(hello)).rejects.toThrow(Client.NotFoundError);
    expect(only().attributes).toMatchObject({ 'error.type': '404' });
  });

  test('of helpers are tied to a message', async () => {
    await helpers().stream(hello).setParent('m1').finalContent();
    expect(only().attributes['colloquy.parent.message_id']).toBe('m1');
  });
});
