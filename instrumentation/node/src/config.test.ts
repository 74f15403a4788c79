import { expect, test } from 'vitest';
import { readConfig } from './config.js';

test('options come before the environment', () => {
  const env = { COLLOQUY_ENDPOINT: 'http://env', COLLOQUY_API_KEY: 'env' };
  expect(readConfig({ endpoint: 'http://option' }, env)).toMatchObject({
    endpoint: 'http://option',
    apiKey: 'env',
  });
});

test('nothing is known of what nobody says', () => {
  expect(readConfig({}, {})).toEqual({
    isDisabled: false,
    exports: true,
    endpoint: undefined,
    apiKey: undefined,
    serviceName: undefined,
    captureContent: undefined,
    disabledInstrumentations: new Set(),
  });
});

test.each([
  [{ OTEL_TRACES_EXPORTER: 'none' }, { exports: false }],
  [{ OTEL_TRACES_EXPORTER: 'console, otlp' }, { exports: true }],
  [{ OTEL_SDK_DISABLED: 'TRUE' }, { isDisabled: true }],
  [
    { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'openai, HTTP,' },
    { disabledInstrumentations: new Set(['openai', 'http']) },
  ],
])('reads %j', (env, expected) => {
  expect(readConfig({}, env)).toMatchObject(expected);
});
