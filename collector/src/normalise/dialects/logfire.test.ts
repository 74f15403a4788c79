import { describe, expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const outputOf = (response: object) =>
  meaningOf({ response_data: JSON.stringify(response) }).outputMessages;

const hello = [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] }];

describe('a response', () => {
  test.each([
    ['a message', { message: { role: 'assistant', content: 'Hello!' }, usage: {} }],
    ['what was joined of a stream', { combined_chunk_content: 'Hello!', chunk_count: 3 }],
    ['the text of a completion', { text: 'Hello!', finish_reason: 'stop' }],
  ])('is %s', (_, response) => {
    expect(outputOf(response)).toEqual(hello);
  });

  test('of an embedding says nothing', () => {
    expect(outputOf({ usage: { prompt_tokens: 3 } })).toEqual([]);
  });
});

describe('a request', () => {
  test('to Anthropic has its instructions beside its messages', () => {
    const request = { model: 'm', system: 'Be kind.', messages: [{ role: 'user', content: 'Hi' }] };
    const { inputMessages } = meaningOf({ request_data: JSON.stringify(request) });
    expect(inputMessages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('that names the model alone says nothing', () => {
    expect(meaningOf({ request_data: '{"model":"m","stream":true}' }).inputMessages).toEqual([]);
  });
});

test('an id that was scrubbed names no thread', () => {
  const { threadCandidates } = meaningOf({
    'logfire.msg': 'chat',
    'session.id': "[Scrubbed due to 'session']",
    'gen_ai.conversation.id': 'thread-1',
  });
  expect(threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});
