import { SpanKind, SpanStatusCode, type Attributes } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { checkSpan, type CheckedSpan } from './check-span.js';

const span = (attributes: Attributes, more: Partial<CheckedSpan> = {}): CheckedSpan => ({
  name: 'chat m',
  kind: SpanKind.CLIENT,
  status: { code: SpanStatusCode.UNSET },
  instrumentationScope: { name: '@colloquy/test' },
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'p',
    'gen_ai.request.model': 'm',
    ...attributes,
  },
  ...more,
});

test('finds nothing wrong with a span as it should be', () => {
  const said = JSON.stringify([
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: '' },
        { type: 'own', x: 1 },
      ],
      finish_reason: 'stop',
    },
  ]);
  expect(checkSpan(span({ 'gen_ai.output.messages': said, 'colloquy.metadata.x': 1 }))).toEqual([]);
});

test.each([
  [span({ 'gen_ai.usage.input_tokens': -1 }), 'gen_ai.usage.input_tokens'],
  [span({ 'gen_ai.usage.input_token': 1 }), 'no name of the conventions'],
  [span({ 'gen_ai.input.messages': 'text' }), 'is no JSON'],
  [
    span({ 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text"}]}]' }),
    '0.parts.0.content',
  ],
  [span({ 'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]' }), 'finish_reason'],
  [span({ 'gen_ai.provider.name': undefined }), 'gen_ai.provider.name is missing'],
  [span({ 'gen_ai.operation.name': 'talk' }), 'no operation'],
  [span({}, { name: 'chat' }), 'the name is "chat", not "chat m"'],
  [span({}, { kind: SpanKind.SERVER }), 'has the kind'],
  [span({}, { status: { code: SpanStatusCode.ERROR } }), 'error.type is missing'],
  [span({ 'error.type': 'X' }), 'the status is no error'],
])('finds a fault %#', (faulty, expected) => {
  expect(checkSpan(faulty).join('\n')).toContain(expected);
});
