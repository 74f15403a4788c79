import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

// From the reference, not recorded: versions before the end of 2025.
test('reads tool calls that stand under the numbers of answers', () => {
  const call = (index: number, city: string) => ({
    [`gen_ai.completion.${index}.function_call.name`]: 'weather',
    [`gen_ai.completion.${index}.function_call.arguments`]: JSON.stringify({ city }),
  });
  const { outputMessages } = meaningOf({
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'One moment.',
    'gen_ai.completion.0.finish_reason': 'tool_calls',
    ...call(0, 'Bern'),
    ...call(1, 'Basel'),
    'litellm.call_id': 'c1',
  });
  expect(outputMessages).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: 'One moment.' },
        { type: 'tool_call', name: 'weather', arguments: { city: 'Bern' } },
        { type: 'tool_call', name: 'weather', arguments: { city: 'Basel' } },
      ],
    },
  ]);
});

test('reads the caller for user and the session of the metadata for thread', () => {
  const genAi = meaningOf({
    hidden_params: '{}',
    'gen_ai.request.model': 'm',
    'metadata.session_id': 'thread-1',
    'llm.user': 'ann',
  });
  expect(genAi.userId).toBe('ann');
  expect(genAi.threadCandidates.map(({ threadId }) => threadId)).toEqual(['thread-1']);
});
