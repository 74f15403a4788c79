import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const constructor = (type: string, kwargs: object) => ({
  lc: 1,
  type: 'constructor',
  id: ['langchain', 'schema', 'messages', type],
  kwargs,
});

test('reads the runs of LangChain', () => {
  const genAi = meaningOf({
    'langsmith.span.kind': 'llm',
    'gen_ai.prompt': JSON.stringify({
      messages: [
        [
          constructor('SystemMessage', { content: 'Be kind.' }),
          constructor('HumanMessage', { content: 'Hi' }),
        ],
      ],
    }),
    'gen_ai.completion': JSON.stringify({
      generations: [
        [{ text: 'Hello!', message: constructor('AIMessage', { content: 'Hello!', id: 'run-1' }) }],
      ],
    }),
  });
  expect(genAi.inputMessages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(genAi.outputMessages).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] },
  ]);
});

test('reads what the JS exporter makes of the spans of the AI SDK', () => {
  const { inputMessages } = meaningOf({
    'langsmith.span.kind': 'llm',
    'gen_ai.prompt': '{"input":[{"role":"user","content":"Hi"}]}',
  });
  expect(inputMessages).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]);
});

test('trusts the kind of run more than the operation, and never takes the project for the thread', () => {
  const genAi = meaningOf({
    'langsmith.span.kind': 'retriever',
    'gen_ai.operation.name': 'embeddings',
    'langsmith.trace.session_id': 'project-1',
    'langsmith.trace.session_name': 'default',
    'langsmith.metadata.thread_id': 'thread-1',
    'langsmith.span.tags': 'a, b, seq:step:1',
  });
  expect(genAi.kind).toBe('retriever');
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
  expect(genAi.tags).toEqual(['a', 'b']);
});
