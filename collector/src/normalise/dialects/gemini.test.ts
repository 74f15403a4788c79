import { expect, test } from 'vitest';
import { meaningOf } from '../testing/meaning-of.js';

const told = (scope: string, response: string) =>
  meaningOf(
    {
      'gen_ai.input.messages': JSON.stringify([
        { role: 'tool', parts: [{ type: 'tool_call_response', id: '', response }] },
      ]),
    },
    { scope: { name: scope, version: '', attributes: new Map(), schemaUrl: '' } },
  ).inputMessages[0]?.parts;

const GOOGLE = 'opentelemetry.instrumentation.google_generativeai';

test.each([
  GOOGLE,
  'openinference.instrumentation.google_genai',
  '@traceloop/instrumentation-google-generativeai',
  'opentelemetry.instrumentation.vertexai',
])("the results of Google's models are objects, whatever the tracer writes: %s", (scope) => {
  expect(told(scope, String.raw`{"result": "Z\u00fcrich"}`)).toEqual([
    { type: 'tool_call_response', response: { result: 'Zürich' } },
  ]);
});

test('a result that is no object, or of another provider, is told to the letter', () => {
  expect(told(GOOGLE, 'noon')).toMatchObject([{ response: 'noon' }]);
  expect(told('opentelemetry.instrumentation.openai', '{"at": "noon"}')).toMatchObject([
    { response: '{"at": "noon"}' },
  ]);
});
