import type { AttributeValue, SpanEvent } from '@colloquy/schema';
import { expect, test } from 'vitest';
import { loadRecording } from '../recordings/load-recording.js';
import { normaliseSpan } from './normalise.js';

const [recorded] = loadRecording('openai-otel-chat').requests.flatMap(({ spans }) => spans);
if (recorded === undefined) throw new Error('the recording is empty');

const said = (role: string, ...texts: readonly string[]): string =>
  JSON.stringify(texts.map((content) => ({ role, parts: [{ type: 'text', content }] })));

const details = (attributes: Readonly<Record<string, AttributeValue>>): SpanEvent => ({
  name: 'gen_ai.client.inference.operation.details',
  timeUnixNano: 0n as SpanEvent['timeUnixNano'],
  attributes: new Map(Object.entries(attributes)),
  droppedAttributesCount: 0,
});

const meaningOf = (...events: readonly SpanEvent[]) => {
  const { genAi } = normaliseSpan({ ...recorded, attributes: new Map(), events });
  const { systemMessages, inputMessages, outputMessages, inputCounts, outputCounts } = genAi;
  const texts = [systemMessages, inputMessages, outputMessages].map((messages) =>
    messages.flatMap(({ parts }) => parts.map((part) => ('content' in part ? part.content : ''))),
  );
  return { texts, inputCounts, outputCounts };
};

test('events that each hold one side of a call are one call', () => {
  const events = [
    details({ 'gen_ai.system_instructions': '[{"type":"text","content":"Be kind."}]' }),
    details({ 'gen_ai.input.messages': said('user', 'Hi') }),
    details({ 'gen_ai.output.messages': said('assistant', 'Hello!') }),
  ];
  expect(meaningOf(...events)).toEqual({
    texts: [['Be kind.'], ['Hi'], ['Hello!']],
    inputCounts: [],
    outputCounts: [],
  });
});

test('events that each bring a history are a call each', () => {
  const events = [
    details({
      'gen_ai.input.messages': said('user', 'Hi'),
      'gen_ai.output.messages': said('assistant', 'Hello!'),
    }),
    details({ 'gen_ai.input.messages': said('user', 'Hi', 'Still there?') }),
    details({ 'gen_ai.output.messages': said('assistant', 'Yes.') }),
  ];
  expect(meaningOf(...events)).toEqual({
    texts: [[], ['Hi', 'Hi', 'Still there?'], ['Hello!', 'Yes.']],
    inputCounts: [1, 2],
    outputCounts: [1, 1],
  });
});
