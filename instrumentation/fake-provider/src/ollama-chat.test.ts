import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';
import { post } from './testing/post.js';

const CALL = { id: 'call_1', name: 'get_weather', arguments: { city: 'Zürich' } };
const SCRIPT = [
  { user: 'hello', replies: [{ reasoning: 'Be kind.', text: 'Grüezi 👋, how are you?' }] },
  { user: 'weather?', replies: [{ toolCalls: [CALL] }, { text: 'Sunny.' }] },
];
const HELLO = { role: 'user', content: 'hello' };

let provider: FakeProvider;
beforeEach(async () => {
  provider = await startFakeProvider({ script: SCRIPT });
});
afterEach(() => provider.stop());

const ask = (messages: object[], more: object = {}) =>
  post(`${provider.url}/api/chat`, { model: 'llama3.2', messages, ...more });

test('streams a line for each piece unless told not to', async () => {
  const lines = (await (await ask([HELLO])).text()).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { message: { content: '', thinking: 'Be kind.' }, done: false },
    { message: { content: 'Grüezi 👋, ho' }, done: false },
    { message: { content: 'w are you?' }, done: false },
    { message: { content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 5 },
  ]);
});

test('asks for a tool, and goes on after its result', async () => {
  const messages = [HELLO, { role: 'assistant', content: 'Grüezi' }];
  const asked = [...messages, { role: 'user', content: 'weather?', images: ['aW1n'] }];
  const call = { function: { name: 'get_weather', arguments: { city: 'Zürich' } } };
  const message = { role: 'assistant', content: '', tool_calls: [call] };
  expect(await (await ask(asked, { stream: false })).json()).toMatchObject({ message });
  const last = await ask([...asked, message, { role: 'tool', content: '20' }], { stream: false });
  expect(await last.json()).toMatchObject({ message: { content: 'Sunny.' }, done: true });
});
