import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnthropicMessage } from './anthropic-message.js';
import type { ConverseBlock } from './bedrock-converse.js';
import { startFakeProvider, type FakeProvider } from './index.js';
import { post } from './testing/post.js';
import { readAwsEvents } from './testing/read-aws-events.js';

const CALLS = [
  { id: 'tooluse_1', name: 'get_weather', arguments: { city: 'Zürich' } },
  { id: 'tooluse_2', name: 'get_time', arguments: { city: 'Zürich' } },
];
const SCRIPT = [
  { user: 'hello', replies: [{ text: 'Grüezi 👋', cachedTokens: 2, cacheWriteTokens: 1 }] },
  {
    user: 'weather?',
    replies: [{ reasoning: 'I look.', text: 'One moment.', toolCalls: CALLS }, { text: 'Sunny.' }],
  },
  { user: 'again', replies: [{ text: 'Here.' }], failFirst: 429 },
];
const MODEL = 'us.anthropic.claude-3-5-sonnet-20241022-v2:0';

let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT, idPrefix: 'test' });
});
afterEach(() => provider.stop());

const ask = (operation: string, body: object, model = MODEL) =>
  post(`${provider.url}/model/${encodeURIComponent(model)}/${operation}`, body);

describe('Converse', () => {
  const HELLO = { role: 'user', content: [{ text: 'hello' }] };
  const IMAGE = { image: { format: 'png', source: { bytes: '' } } };
  const messages = [
    HELLO,
    { role: 'assistant', content: [{ text: 'Grüezi' }] },
    { role: 'user', content: [IMAGE, { text: 'weather?' }] },
  ];

  test('answers with text, and counts cached input apart', async () => {
    const response = await ask('converse', { system: [{ text: 'Be kind.' }], messages: [HELLO] });
    expect(await response.json()).toEqual({
      output: { message: { role: 'assistant', content: [{ text: 'Grüezi 👋' }] } },
      stopReason: 'end_turn',
      usage: {
        inputTokens: 7,
        outputTokens: 6,
        totalTokens: 16,
        cacheReadInputTokens: 2,
        cacheWriteInputTokens: 1,
      },
      metrics: { latencyMs: 100 },
    });
  });

  test('reasons, speaks and uses tools, then goes on after all results', async () => {
    const asked = (await (await ask('converse', { messages })).json()) as {
      output: { message: { content: ConverseBlock[] } };
    };
    expect(asked.output.message.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: 'I look.' } } },
      { text: 'One moment.' },
      { toolUse: { toolUseId: 'tooluse_1', name: 'get_weather', input: { city: 'Zürich' } } },
      { toolUse: { toolUseId: 'tooluse_2', name: 'get_time', input: { city: 'Zürich' } } },
    ]);
    const content = CALLS.map(({ id }) => ({
      toolResult: { toolUseId: id, content: [{ json: { ok: true } }] },
    }));
    const after = [...messages, asked.output.message, { role: 'user', content }];
    const last = await ask('converse', { messages: after }, 'arn:aws:bedrock:x:1:profile/y');
    expect(await last.json()).toMatchObject({
      output: { message: { content: [{ text: 'Sunny.' }] } },
    });
  });

  test('streams the same, opening tool uses alone', async () => {
    const response = await ask('converse-stream', { messages });
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    const events = await readAwsEvents(response);
    expect(events.filter(({ type }) => type === 'contentBlockStart')).toMatchObject([
      { payload: { start: { toolUse: { toolUseId: 'tooluse_1' } }, contentBlockIndex: 2 } },
      { payload: { start: { toolUse: { toolUseId: 'tooluse_2' } }, contentBlockIndex: 3 } },
    ]);
    const deltas = events.flatMap(({ payload }) => payload['delta'] ?? []);
    expect(deltas).toMatchObject([
      { reasoningContent: { text: 'I look.' } },
      { reasoningContent: { signature: expect.any(String) } },
      { text: 'One moment.' },
      { toolUse: { input: '{"city":"Zür' } },
      { toolUse: { input: 'ich"}' } },
      { toolUse: { input: '{"city":"Zür' } },
      { toolUse: { input: 'ich"}' } },
    ]);
    expect(events.slice(-2)).toMatchObject([
      { type: 'messageStop', payload: { stopReason: 'tool_use' } },
      { type: 'metadata', payload: { usage: { outputTokens: 19 } } },
    ]);
  });

  test('fails in its own shape', async () => {
    const failed = await ask('converse', {
      messages: [{ role: 'user', content: [{ text: 'again' }] }],
    });
    expect(failed.status).toBe(429);
    expect(await failed.json()).toMatchObject({ __type: 'ThrottlingException' });
  });
});

describe('InvokeModel', () => {
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'hello' }],
  };

  test('answers as Anthropic does, by its name of the model', async () => {
    const message = (await (await ask('invoke', body)).json()) as AnthropicMessage;
    expect(message.model).toBe('claude-3-5-sonnet-20241022');
    expect(message.content).toEqual([{ type: 'text', text: 'Grüezi 👋' }]);
  });

  test('wraps the events of Anthropic, and adds its own counts to the last', async () => {
    const events = await readAwsEvents(await ask('invoke-with-response-stream', body));
    const sent = events.map(({ payload }): unknown =>
      JSON.parse(Buffer.from(String(payload['bytes']), 'base64').toString()),
    );
    expect(sent[0]).toMatchObject({ type: 'message_start' });
    expect(sent.at(-1)).toMatchObject({
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 2, outputTokenCount: 6 },
    });
  });
});
