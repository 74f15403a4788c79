import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { findInstrumentations } from './find-instrumentations.js';

const found = (disabled: readonly string[]): readonly string[] =>
  findInstrumentations(new Set(disabled), tmpdir()).map(
    ({ instrumentationName }) => instrumentationName,
  );

test('our own are used unless they are disabled', () => {
  expect(found([])).toEqual([
    '@colloquy/instrumentation-openai',
    '@colloquy/instrumentation-anthropic',
    '@colloquy/instrumentation-google-genai',
    '@colloquy/instrumentation-langchain',
    '@colloquy/instrumentation-ai-sdk',
  ]);
  expect(found(['openai', 'google-genai', 'langchain', 'ai-sdk'])).toEqual([
    '@colloquy/instrumentation-anthropic',
  ]);
});
