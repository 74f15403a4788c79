import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

test('reads a model call that the app describes itself', () => {
  const genAi = meaningOf({
    'lmnr.span.type': 'LLM',
    'lmnr.span.input': JSON.stringify([{ role: 'user', content: 'Hi' }]),
    'lmnr.span.output': 'Hello!',
    'lmnr.association.properties.session_id': 'thread-1',
    'lmnr.association.properties.user_id': 'ann',
    'lmnr.association.properties.tags': ['a', 'b'],
    'lmnr.association.properties.metadata.plan': 'free',
  });
  expect(genAi).toMatchObject({
    kind: 'llm',
    userId: 'ann',
    tags: ['a', 'b'],
    metadata: { plan: 'free' },
    inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] }],
  });
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});

// From the reference, not recorded: the numbered attributes of versions before 2026.
test('reads the numbered attributes of OpenLLMetry beside its own', () => {
  const { inputMessages } = meaningOf({
    'lmnr.span.type': 'LLM',
    'lmnr.span.path': ['chat', 'openai.chat'],
    'gen_ai.prompt.0.role': 'user',
    'gen_ai.prompt.0.content': 'Hi',
  });
  expect(inputMessages).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]);
});
