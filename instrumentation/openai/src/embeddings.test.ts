import { expect, test } from 'vitest';
import { wrapOpenAI } from './index.js';
import { MAJORS } from './testing/majors.js';
import { recorded } from './testing/recorded.js';

const { baseURL, only } = recorded();

test.each(MAJORS)('version %s tells embeddings without their texts', async (_major, Client) => {
  const client = wrapOpenAI(new Client({ baseURL: baseURL(), apiKey: 'k', maxRetries: 0 }));
  await client.embeddings.create({ model: 'e', input: 'secret', dimensions: 3 });
  expect(only().name).toBe('embeddings e');
  expect(only().attributes).toMatchObject({
    'gen_ai.embeddings.dimension.count': 3,
    'gen_ai.usage.input_tokens': expect.any(Number) as number,
  });
  expect(JSON.stringify(only().attributes)).not.toContain('secret');
});
