// From the reference, not recorded: services whose spans cannot be made here.
import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });

test('reads what OpenRouter broadcasts of a request that went through it', () => {
  const genAi = meaningOf({
    'openrouter.source': 'broadcast',
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'openai/gpt-4o-mini',
    'gen_ai.prompt': JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] }),
    'gen_ai.completion': JSON.stringify({
      choices: [{ message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
    }),
    'session.id': 'thread-1',
    'user.id': 'ann',
  });
  expect(genAi).toMatchObject({
    kind: 'llm',
    userId: 'ann',
    inputMessages: [said('user', 'Hi')],
    outputMessages: [said('assistant', 'Hello!')],
  });
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});

test("reads Opik's thread, tags and metadata beside any dialect", () => {
  const genAi = meaningOf({
    'gen_ai.operation.name': 'chat',
    thread_id: 'thread-1',
    'opik.tags': '["a","b"]',
    'opik.metadata.plan': 'free',
  });
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
  expect(genAi.tags).toEqual(['a', 'b']);
  expect(genAi.metadata).toEqual({ plan: 'free' });
});

test('the id that Phoenix takes for its session outranks the conversation it was made of', () => {
  const { threadCandidates } = meaningOf({
    'openinference.span.kind': 'LLM',
    'gen_ai.conversation.id': 'conversation-1',
    'session.id': 'session-1',
  });
  const best = threadCandidates.toSorted((a, b) => a.rank - b.rank)[0];
  expect(best?.threadId).toBe('session-1');
});
