import { startFakeProvider, type FakeProvider } from '@colloquy/fake-provider';
import { wrapOpenAI } from '@colloquy/instrumentation-openai';
import * as colloquy from '@colloquy/threads';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReader, type Reader } from './testing/reader.js';

/** The snippets of Lunary's page on chats and threads, with `colloquy` where it says `lunary`. */

let reader: Reader;
let provider: FakeProvider;
let openai: OpenAI;

beforeAll(async () => {
  reader = await openReader('lunary_page');
  provider = await startFakeProvider({ script: [{ user: 'Hello!', replies: [{ text: 'Hi!' }] }] });
  openai = wrapOpenAI(new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'key' }));
  colloquy.configure({ captureContent: true });
});
afterAll(async () => {
  await provider.stop();
  await reader.close();
});

test('Open a thread', async () => {
  const thread = colloquy.openThread();
  thread.trackMessage({ role: 'user', content: 'Hello, please help me' });
  expect((await reader.read(thread.id)).lines).toEqual(['user: Hello, please help me (tracked)']);
});

test('You can resume an existing thread by passing an ID from an existing thread', async () => {
  colloquy.openThread({ id: 'your-thread-id' }).trackMessage({ role: 'user', content: 'Hello' });
  const thread = colloquy.openThread({
    id: 'your-thread-id', // Replace with your actual thread ID
  });
  thread.trackMessage({ role: 'assistant', content: 'Hi' });
  expect((await reader.read('your-thread-id')).lines).toEqual([
    'user: Hello (tracked)',
    'assistant: Hi (tracked)',
  ]);
});

test('You can also add tags to a thread', async () => {
  const thread = colloquy.openThread({
    tags: ['support'],
  });
  thread.trackMessage({ role: 'user', content: 'Hello' });
  expect((await reader.read(thread.id)).thread.tags).toEqual(['support']);
});

test('Track messages: assistant, user, system, & tool', async () => {
  const thread = colloquy.openThread();
  thread.trackMessage({ role: 'system', content: 'You help people' });
  thread.trackMessage({
    role: 'user',
    content: 'Hello, please help me',
  });
  thread.trackMessage({
    role: 'assistant',
    content: 'Hello, how can I help you?',
  });
  thread.trackMessage({ role: 'tool', content: '21 degrees', tool_call_id: 'call_1' });
  expect((await reader.read(thread.id)).lines).toEqual([
    'system: You help people (tracked)',
    'user: Hello, please help me (tracked)',
    'assistant: Hello, how can I help you? (tracked)',
    'tool: tool_call_response (tracked)',
  ]);
});

test('Track custom events', async () => {
  const thread = colloquy.openThread();
  thread.trackEvent('event-name');
  // you can also track additional metadata
  thread.trackEvent('open-document', {
    documentName: 'my-document.pdf',
  });
  // with the optional parameters of the Python tab
  thread.trackEvent('event-name', {}, { userId: 'user1', userProps: { email: 'hello@test.com' } });
  const { events, users } = (await reader.read(thread.id)).thread;
  expect(events).toMatchObject([
    { name: 'event-name', metadata: {}, user_id: null },
    { name: 'open-document', metadata: { documentName: 'my-document.pdf' } },
    { name: 'event-name', user_id: 'user1' },
  ]);
  expect(users).toEqual([{ user_id: 'user1', props: { email: 'hello@test.com' } }]);
});

test('Capture user feedback, and remove it', async () => {
  const thread = colloquy.openThread();
  const msgId = thread.trackMessage({
    role: 'assistant',
    content: 'Hope you like my answers :)',
  });
  const feedback = async () => (await reader.read(thread.id)).messages[0]?.feedback;

  colloquy.trackFeedback(msgId, { thumb: 'up' });
  expect(await feedback()).toMatchObject([{ values: { thumb: 'up' } }]);

  colloquy.trackFeedback(msgId, { thumb: null });
  expect(await feedback()).toEqual([]);
});

test('Reconciliate with LLM calls', async () => {
  const thread = colloquy.openThread();
  const message = { role: 'user' as const, content: 'Hello!' };
  const msgId = thread.trackMessage(message);

  const res = await openai.chat.completions
    .create({
      model: 'gpt-4o',
      temperature: 1,
      messages: [message],
    })
    .setParent(msgId);

  thread.trackMessage({
    role: 'assistant',
    content: res.choices[0]?.message.content,
  });

  const { lines, thread: told } = await reader.read(thread.id);
  expect(lines).toEqual(['user: Hello! (both)', 'assistant: Hi! (both)']);
  expect(told.generations).toMatchObject([{ model: 'gpt-4o', parent_message_id: msgId }]);
});

test('Reconciliate with agents', async () => {
  const thread = colloquy.openThread();
  const msgId = thread.trackMessage({ role: 'user', content: 'Hello!' });

  // In your backend, inject the message id into the context
  const agent = colloquy.wrapAgent(async function ChatbotAgent(query: string) {
    // your custom code...
    const res = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: query }],
    });
    return res.choices[0]?.message.content;
  });

  await agent('Hello!').setParent(msgId);

  const { lines, thread: told } = await reader.read(thread.id);
  expect(lines).toEqual(['user: Hello! (both)', 'assistant: Hi! (derived)']);
  expect(told.generations).toMatchObject([
    { agent_name: 'ChatbotAgent', parent_message_id: msgId },
  ]);
});
