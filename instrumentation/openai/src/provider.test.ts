import { expect, test } from 'vitest';
import { providerOf } from './provider.js';

test.each([
  ['https://api.openai.com/v1', 'openai'],
  ['https://shop.openai.azure.com/openai/v1', 'azure.ai.openai'],
  ['https://api.deepseek.com', 'deepseek'],
  ['http://127.0.0.1:1234/v1', 'openai'],
  ['https://api.x.ai.evil.example', 'openai'],
  ['nonsense', 'openai'],
  [undefined, 'openai'],
])('at %s answers %s', (baseUrl, provider) => {
  expect(providerOf(baseUrl)).toBe(provider);
});
