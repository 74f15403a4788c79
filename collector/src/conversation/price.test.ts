import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LIBRARY_VERSION, priceOf } from './price.js';
import { parsePrices } from './price-table.js';
import { span } from './testing/spans.js';

const call = {
  ...span('call', { kind: 'llm', tokens: 1_000_000 }),
  requestModel: 'gpt-4o-mini',
  outputTokens: 200_000,
  cacheReadInputTokens: 400_000,
  reasoningOutputTokens: 50_000,
};

describe('the price of a call', () => {
  test('is that of the own table first, token class by token class', () => {
    const table = parsePrices(
      '{"gpt-4o*": {"input": 1, "output": 10, "cache_read": 0.5}, "*": {"input": 9, "output": 9}}',
    );
    expect(priceOf({ ...call, reportedCostUsd: 7 }, table)).toEqual({
      usd: 0.6 + 0.2 + 1.5 + 0.5,
      source: 'prices:gpt-4o*',
    });
  });

  test('is what the emitter reported, else the public one', () => {
    expect(priceOf({ ...call, reportedCostUsd: 7 })).toEqual({ usd: 7, source: 'reported' });
    expect(priceOf(call)?.source).toBe(`genai-prices@${LIBRARY_VERSION}`);
  });

  test('is unknown for a model that no table has', () => {
    expect(priceOf({ ...call, requestModel: 'house-model' }, parsePrices('{}'))).toBeUndefined();
  });

  test('names the version of the library that is installed', () => {
    const main = createRequire(import.meta.url).resolve('@pydantic/genai-prices');
    const path = `${main.slice(0, main.lastIndexOf('/genai-prices/'))}/genai-prices/package.json`;
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
    expect(LIBRARY_VERSION).toBe(version);
  });
});

describe('a table of prices', () => {
  test.each([
    ['[]', 'no object'],
    ['{"m": 1}', 'has no prices'],
    ['{"m": {"input": 1}}', 'no number of dollars for "output"'],
    ['{"m": {"input": 1, "output": 1, "cached": 1}}', '"cached"'],
    ['{"m": {"input": -1, "output": 1}}', 'no number of dollars for "input"'],
  ])('that is wrong says how: %s', (text, reason) => {
    expect(() => parsePrices(text)).toThrow(reason);
  });
});
