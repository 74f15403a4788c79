import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

test.each([
  ['model_call', 'other'],
  ['compaction', 'llm'],
])('takes a record of usage for no call beside one: %s', (kind, expected) => {
  const genAi = meaningOf(
    {
      'ag2.span.type': 'usage',
      'ag2.usage.kind': kind,
      'gen_ai.response.model': 'gpt-4o-mini',
      'gen_ai.usage.input_tokens': 26n,
    },
    { name: `record_usage ${kind}` },
  );
  expect(genAi.kind).toBe(expected);
});
